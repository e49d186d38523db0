import type { Writable } from 'node:stream'

/** One webcam as it is now, in the bytes of one event; `seq` is the place in the log that it brings a client up to. */
export type Message = { webcam: string; seq: number; bytes: Buffer }

export type Listener = {
  /** Sends, or lets wait in place of an older message on the same webcam. What the client knows already is dropped. */
  offer(message: Message): void
  /** Sends something that is about no webcam. Dropped while the client is slow. */
  say(text: string): void
  /** For how long the client has not taken what it was sent, in milliseconds. */
  stuckForMs(): number
  end(): void
  cut(): void
}

/**
 * One client of the event stream. What a slow client has not taken yet waits by webcam, the newest only: there is never
 * more than one message for each webcam, and their bytes are shared by all clients. The order of `seq` is kept, so that
 * the id of the last event that arrived says truly what is missing.
 * @param from the place in the log up to which the client knows everything
 */
export function createListener(out: Writable, from: number, monotonicMs: () => number): Listener {
  const waiting = new Map<string, Message>()
  let offeredTo = from
  let fullSince: number | null = null

  function send(chunk: Buffer | string) {
    if (!out.write(chunk)) fullSince ??= monotonicMs()
  }

  function sendWaiting() {
    for (const [webcam, message] of waiting) {
      if (fullSince !== null) return
      waiting.delete(webcam)
      send(message.bytes)
    }
  }

  out.on('drain', () => {
    fullSince = null
    sendWaiting()
  })

  return {
    offer: (message) => {
      if (message.seq <= offeredTo) return
      offeredTo = message.seq
      waiting.delete(message.webcam)
      waiting.set(message.webcam, message)
      sendWaiting()
    },
    say: (text) => {
      if (fullSince === null) send(text)
    },
    stuckForMs: () => (fullSince === null ? 0 : monotonicMs() - fullSince),
    end: () => {
      waiting.clear()
      out.end()
    },
    cut: () => {
      waiting.clear()
      out.destroy()
    },
  }
}
