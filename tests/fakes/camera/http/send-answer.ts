import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Misbehaviour, misbehaves } from '../misbehaviour.ts'

/** Header names are spelt as most cameras spell them: libonvif of Debian 12 looks for exactly `Content-Length`. */
export type HttpAnswer = { status: number; headers: Record<string, string | string[]>; body: Buffer }

const CHUNK_BYTES = 64 * 1024

/** Sends an answer as well or as badly as the misbehaviours want. Ends early, quietly, when the client has gone. */
export async function sendAnswer(
  response: ServerResponse,
  answer: HttpAnswer,
  now: readonly Misbehaviour[],
  signal: AbortSignal,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const until = AbortSignal.any([signal, gone.signal])
  try {
    await send(response, answer, now, until)
  } catch (cause) {
    response.destroy()
    if (!until.aborted) throw cause
  }
}

async function send(
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
  now: readonly Misbehaviour[],
  signal: AbortSignal,
): Promise<void> {
  const slow = misbehaves(now, 'slow')
  if (slow !== undefined) await wait(slow.ms, undefined, { signal })
  const huge = misbehaves(now, 'huge-answer')
  const length = huge?.bytes ?? body.length
  const type = misbehaves(now, 'text-plain') === undefined ? {} : { 'Content-Type': 'text/plain' }
  response.writeHead(status, { ...headers, ...type, 'Content-Length': length })

  const drips = misbehaves(now, 'drips')
  if (drips !== undefined) {
    for (let sent = 0; sent < body.length; sent += drips.bytes) {
      response.write(body.subarray(sent, sent + drips.bytes))
      await wait(drips.everyMs, undefined, { signal })
    }
  } else if (huge !== undefined) {
    const filler = Buffer.alloc(CHUNK_BYTES, 0x20)
    response.write(body.subarray(0, length))
    for (let sent = body.length; sent < length; sent += filler.length) {
      if (!response.write(filler.subarray(0, length - sent))) await drained(response, signal)
    }
  } else if (misbehaves(now, 'truncates') !== undefined) {
    response.write(body.subarray(0, body.length / 2), () => response.destroy())
    return
  } else {
    response.write(body)
  }
  response.end()
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    response.once('drain', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
  })
}
