import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Preview } from '../cloud/pose-cloud.ts'
import type { Pole } from '../pole.ts'
import { LOOK_S, type LookWish, lookWish } from './look-wish.ts'

/** What is seen of a camera while somebody looks. */
export type Look = {
  state: 'off' | 'asking' | 'seeing' | 'ended' | 'failed'
  /** Of the newest preview, an address of this page alone; null: there was none yet. */
  picture: string | null
  /** When it was taken, by the unit's time. */
  capturedAt: number | null
  pictures: number
  bytes: number
  start: () => void
  stop: () => void
}

/** Live pictures of one camera: small, for whoever asked, kept nowhere. Every byte is counted. */
export function useLook(pole: Pole, site: string, wanted: LookWish): Look {
  const [state, setState] = useState<Look['state']>('off')
  const [shown, setShown] = useState<{ picture: string; capturedAt: number } | null>(null)
  const [counted, setCounted] = useState({ pictures: 0, bytes: 0 })
  const running = useRef<AbortController | null>(null)

  const stop = useCallback(() => {
    running.current?.abort()
    running.current = null
    setState((last) => (last === 'asking' || last === 'seeing' ? 'ended' : last))
  }, [])

  const start = useCallback(() => {
    running.current?.abort()
    const control = new AbortController()
    running.current = control
    setState('asking')
    follow(pole, site, wanted, control.signal, (preview) => {
      const picture = URL.createObjectURL(preview.picture)
      setShown((last) => {
        if (last !== null) URL.revokeObjectURL(last.picture)
        return { picture, capturedAt: preview.capturedAt }
      })
      setCounted(({ pictures, bytes }) => ({ pictures: pictures + 1, bytes: bytes + preview.picture.size }))
      setState('seeing')
    }).then(
      () => {
        if (!control.signal.aborted) setState('ended')
      },
      () => {
        if (!control.signal.aborted) setState('failed')
      },
    )
  }, [pole, site, JSON.stringify(wanted)])

  // A phone in a pocket looks at nothing.
  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === 'hidden') stop()
    }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      running.current?.abort()
    }
  }, [stop])

  return { state, picture: shown?.picture ?? null, capturedAt: shown?.capturedAt ?? null, ...counted, start, stop }
}

async function follow(
  { cloud, now }: Pole,
  site: string,
  wanted: LookWish,
  signal: AbortSignal,
  onPreview: (preview: Preview) => void,
): Promise<void> {
  await cloud.ask(site, lookWish(wanted), signal)
  const until = now() + LOOK_S * 1000
  let after = 0
  while (!signal.aborted && now() < until) {
    const preview = await cloud.preview(site, wanted.camera, after, signal)
    if (preview === null) continue
    after = preview.seq
    onPreview(preview)
  }
}
