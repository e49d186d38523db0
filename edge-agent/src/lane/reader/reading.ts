import type { ReaderProfile } from '@vigie/config-schema/lane-profiles'
import type { Time } from '../../time.ts'
import type { SerialLine } from '../serial-line.ts'
import { createFraming, type Frame } from './frame-bytes.ts'
import { createPresentation } from './presentation.ts'
import { createRarely } from './rarely.ts'
import { isNoise, readScan, type Scan } from './scan.ts'
import { triggerBytes } from './trigger.ts'

export type ReadingEvents = {
  /** Called within the read of the last byte, once a presentation. */
  onScan(scan: Scan): void
  /** What was not worth a scan, told at most once a minute, with how often it was. */
  onOddity(oddity: { kind: 'noise' | 'unfinished'; times: number; length: number }): void
}

/** One opening of a reader's port, from bytes to scans. What was under way when it went is not glued to what comes after. */
export function createReading(profile: ReaderProfile, { time, onScan, onOddity }: ReadingEvents & { time: Time }) {
  const framing = createFraming(profile.ends)
  const presentation = createPresentation(time.monotonicMs)
  const rarely = { noise: createRarely(time.monotonicMs), unfinished: createRarely(time.monotonicMs) }
  const end = new AbortController()
  let quiet = new AbortController()
  let line: SerialLine | null = null
  let failure: { error: unknown } | null = null

  const order = (what: 'on' | 'off') => {
    const bytes = triggerBytes(profile, what)
    if (bytes !== null) line?.write(bytes)
  }
  const oddity = (kind: 'noise' | 'unfinished', length: number) =>
    rarely[kind]((times) => onOddity({ kind, times, length }))

  function deliver(frame: Frame): void {
    if (frame.kind === 'unfinished') {
      oddity('unfinished', frame.length)
      return
    }
    const scan: Scan = frame.kind === 'too-long' ? { ok: false, why: 'too-long', safe: '' } : readScan(frame.bytes)
    if (scan.ok && isNoise(scan)) oddity('noise', scan.text.length)
    else if (presentation.isNew(scan.ok ? scan.text : `${scan.why} ${scan.safe}`)) onScan(scan)
    order('on') // a good read has ended the reading
  }

  /** What fails at a scan is a bug of the agent: it ends the loop, and does so outside the library of the port. */
  function guarded(frames: () => Frame[]): void {
    if (end.signal.aborted) return
    try {
      for (const frame of frames()) deliver(frame)
      listen()
    } catch (error) {
      failure ??= { error }
      end.abort()
    }
  }

  function listen(): void {
    quiet.abort()
    const waitMs = framing.waitMs()
    if (waitMs === null) return
    quiet = new AbortController()
    const { signal } = quiet
    void time.wait(waitMs, signal).then(
      () => signal.aborted || guarded(framing.silence),
      () => undefined,
    )
  }

  return {
    onBytes: (chunk: Uint8Array) => guarded(() => framing.push(chunk)),
    /** Returns when the line is gone or the signal is aborted; the line is closed then. */
    async follow(opened: SerialLine, signal: AbortSignal): Promise<void> {
      line = opened
      order('on')
      await Promise.race([opened.closed, aborted(signal), aborted(end.signal)])
      end.abort()
      quiet.abort()
      order('off')
      await opened.close()
      if (failure !== null) throw failure.error
    },
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
