import type { Webcam } from '../../api/webcam.ts'

/** What a console hears, and whether it still hears. */
export type Hearing = {
  /** Something changed at a site. `presence` and `state` are told in the wall's own answer, not in the webcam. */
  onWebcam: (webcam: Webcam, cause: 'frame' | 'freshness' | 'presence' | 'state') => void
  /** There is a gap that cannot be filled: read everything anew. */
  onGap: () => void
  onLink: (isUp: boolean) => void
}

type Source = Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>
type Deps = { open: () => Source; random: () => number }

/** A browser comes back by itself after a cut, but not after a refusal: then we do, at a moment of our own. */
const COME_BACK_MS = { least: 2_000, most: 10_000 }
const CLOSED = 2

/**
 * Follows the event stream until the signal ends it. The browser resumes with Last-Event-ID after a cut; a stream that
 * is opened anew begins with a gap.
 */
export function followWebcams({ onWebcam, onGap, onLink }: Hearing, { open, random }: Deps, signal: AbortSignal): void {
  let source: Source | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let isFirst = true

  function listen() {
    const current = open()
    source = current
    const isAnew = !isFirst
    isFirst = false
    let wasUp = false
    current.addEventListener('open', () => {
      onLink(true)
      if (isAnew && !wasUp) onGap()
      wasUp = true
    })
    current.addEventListener('webcam', (event) => {
      const { webcam, cause } = JSON.parse((event as MessageEvent<string>).data) // the stream's own format, from the same server
      onWebcam(webcam, cause)
    })
    current.addEventListener('reset', onGap)
    current.addEventListener('error', () => {
      onLink(false)
      if (current.readyState !== CLOSED) return
      current.close()
      timer = setTimeout(listen, COME_BACK_MS.least + random() * (COME_BACK_MS.most - COME_BACK_MS.least))
    })
  }

  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    source?.close()
  })
  listen()
}
