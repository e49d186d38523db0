import type { LiveCause } from '../store/tables.ts'

/*
 * The wire form of server-sent events (HTML standard, §9.2). One line of data each: JSON has no line breaks.
 */

/** A webcam as it is now; the id says up to where in the log this brings a client. */
export const webcamEvent = (seq: number, cause: LiveCause, webcamJson: string): Buffer =>
  Buffer.from(`id: ${seq}\nevent: webcam\ndata: {"cause":"${cause}","webcam":${webcamJson}}\n\n`)

/** What the client knows has gaps that cannot be filled: it reads the webcams anew. */
export const resetEvent = (seq: number): string => `id: ${seq}\nevent: reset\ndata: {"lastEventId":"${seq}"}\n\n`

/** First words: when to come back after a cut, and from where. An id without data makes no event in the browser. */
export const greeting = (seq: number, retryMs: number): string => `retry: ${retryMs}\nid: ${seq}\n\n`

/** A comment: keeps proxies and phones from thinking that the connection is dead. */
export const HEARTBEAT = ':\n\n'
