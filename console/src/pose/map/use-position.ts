import { useState } from 'preact/hooks'
import type { Coordinates } from './projection.ts'

export type Position = Coordinates & { accuracyM: number }
export type Locating =
  | { state: 'not-asked' | 'asking' | 'refused' | 'unknown' }
  | { state: 'known'; position: Position }

/** A first fix under an open sky takes half a minute; one that is a minute old is as good as new on foot. */
const OPTIONS = { enableHighAccuracy: true, timeout: 30_000, maximumAge: 60_000 }

/** Where the phone is, once it is asked. */
export function usePosition(): [Locating, () => void] {
  const [locating, setLocating] = useState<Locating>({ state: 'not-asked' })
  const ask = () => {
    setLocating({ state: 'asking' })
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) =>
        setLocating({ state: 'known', position: { latitude, longitude, accuracyM: Math.round(accuracy) } }),
      ({ code, PERMISSION_DENIED }) => setLocating({ state: code === PERMISSION_DENIED ? 'refused' : 'unknown' }),
      OPTIONS,
    )
  }
  return [locating, ask]
}
