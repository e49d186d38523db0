import type { Writable } from 'node:stream'
import type { Message } from './message.ts'

export type Listener = {
  /**
   * Sends, or lets wait in place of an older message on the same webcam, and then tells what mattered most since that
   * one. What the client knows already is dropped.
   */
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
  /** `after`: what the client knows of the webcam already. */
  const waiting = new Map<string, { message: Message; after: number }>()
  let offeredTo = from
  let fullSince: number | null = null

  function send(chunk: Buffer | string) {
    if (!out.write(chunk)) fullSince ??= monotonicMs()
  }

  function sendWaiting() {
    for (const [webcam, { message, after }] of waiting) {
      if (fullSince !== null) return
      waiting.delete(webcam)
      send(message.bytesAfter(after))
    }
  }

  out.on('drain', () => {
    fullSince = null
    sendWaiting()
  })

  return {
    offer: (message) => {
      if (message.seq <= offeredTo) return
      const after = waiting.get(message.webcam)?.after ?? offeredTo
      offeredTo = message.seq
      waiting.delete(message.webcam)
      waiting.set(message.webcam, { message, after })
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
