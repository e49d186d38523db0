import type { LiveCause } from '../store/tables.ts'
import { webcamEvent } from './event-text.ts'
import type { Position } from './positions.ts'
import { weightiestCause } from './weightiest-cause.ts'

/** One webcam as it is now; `seq` is the place in the log that it brings a client up to. */
export type Message = {
  webcam: string
  seq: number
  /** The bytes of the event for a client that knows of the webcam up to `seq`. Shared by all that are told the same. */
  bytesAfter(seq: number): Buffer
}

export function createMessage(webcam: string, position: Position, json: string, text = webcamEvent): Message {
  const made = new Map<LiveCause, Buffer>()
  return {
    webcam,
    seq: position.seq,
    bytesAfter: (seq) => {
      const cause = weightiestCause(position, seq)
      const bytes = made.get(cause) ?? text(position.seq, cause, json)
      made.set(cause, bytes)
      return bytes
    },
  }
}
