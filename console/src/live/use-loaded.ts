import { useEffect, useState } from 'preact/hooks'
import { loadPicture } from './load-picture.ts'

/**
 * What is to be shown, as far as its picture is there: a new one, with its time, takes the place of the old one when the
 * browser has it, not before. What changes without a new picture changes at once.
 * @param addressOf of the picture; null: there is none, and nothing to wait for
 */
export function useLoaded<Shown>(wanted: Shown, addressOf: (shown: Shown) => string | null): Shown {
  const [loaded, setLoaded] = useState(wanted)
  const address = addressOf(wanted)
  const before = addressOf(loaded)
  const isThere = address === null || before === null || address === before
  useEffect(() => {
    if (isThere || address === null) {
      // Only a new picture is news here: callers may make the same thing anew each time.
      setLoaded((last) => (addressOf(last) === address ? last : wanted))
      return
    }
    let isWanted = true
    const show = () => {
      if (isWanted) setLoaded(wanted)
    }
    // A picture that cannot be had is shown as such by the browser; waiting for it would keep the old one for ever.
    loadPicture({ src: address }).then(show, show)
    return () => {
      isWanted = false
    }
  }, [wanted, address, isThere, addressOf])
  return isThere ? wanted : loaded
}
