import type { Webcam, WebcamEvent } from '../api/schemas.ts'

/** Why the cloud speaks of a webcam. `presence` and `state` are told in the operators' own answer only. */
export type Cause = WebcamEvent['cause']

/** What both rooms are told: a list of everything, then each change, and whether they still hear. */
export type Follower<List> = {
  /** Reads everything anew; rejects when the cloud does not answer. */
  read: (signal: AbortSignal) => Promise<List>
  /** Takes what was read; gives the event up to which it knows everything, null when it does not say. */
  take: (list: List) => string | null
  onWebcam: (webcam: Webcam, cause: Cause) => void
  onLink: (isUp: boolean) => void
}

/** What is used of an EventSource. */
export type Source = {
  readonly readyState: number
  addEventListener(type: string, listener: (event: Event) => void): void
  close(): void
}
export type Follow = {
  /** Opens the stream from an event on. */
  open: (lastEventId: string | null) => Source
  pause: (ms: number, signal: AbortSignal) => Promise<void>
  random: () => number
}

/** Before asking again: at a moment of one's own, so that all the pages of a day of snow do not come back at once. */
const PAUSE_MS = { least: 2_000, most: 12_000 }
/** Forty cameras speak each minute: when the stream is silent for so long, it is not believed, and all is read anew. */
const SILENT_MS = 90_000
/** EventSource.CLOSED: the browser has given up. */
const CLOSED = 2

/**
 * Follows the webcams until the signal ends it: reads the list, then the stream from there on. After a cut the browser
 * resumes by itself with Last-Event-ID; when it gives up, when the cloud says that there is a gap, or when nothing is
 * heard any more, it begins again with the list.
 */
export async function followWebcams<List>(
  follower: Follower<List>,
  { open, pause, random }: Follow,
  signal: AbortSignal,
): Promise<void> {
  const { read, take, onLink } = follower
  while (!signal.aborted) {
    try {
      const lastEventId = take(await read(signal))
      onLink(true)
      if (await listen(open(lastEventId), follower, signal)) continue
    } catch {
      // The cloud does not answer: that is told, and tried again.
    }
    if (signal.aborted) return
    onLink(false)
    await pause(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least), signal)
  }
}

/** Listens until the stream is of no more use. True: read the list at once; false: the cloud needs a pause. */
function listen<List>(source: Source, { onWebcam, onLink }: Follower<List>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let silence: ReturnType<typeof setTimeout> | undefined
    const end = (isAtOnce: boolean) => {
      clearTimeout(silence)
      signal.removeEventListener('abort', stop)
      source.close()
      resolve(isAtOnce)
    }
    const stop = () => end(false)
    const heard = () => {
      clearTimeout(silence)
      silence = setTimeout(() => end(true), SILENT_MS)
    }
    signal.addEventListener('abort', stop)
    source.addEventListener('open', () => {
      heard()
      onLink(true)
    })
    source.addEventListener('webcam', (event) => {
      heard()
      const { webcam, cause } = JSON.parse((event as MessageEvent<string>).data) as WebcamEvent // by the API's description
      onWebcam(webcam, cause)
    })
    source.addEventListener('reset', () => end(true))
    source.addEventListener('error', () => {
      onLink(false)
      if (source.readyState === CLOSED) end(false)
    })
    heard()
  })
}
