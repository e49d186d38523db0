import type { Clock } from '@vigie/contract/clock'
import { civilDayOf } from '@vigie/contract/gate/civil-time'
import type { Logger } from 'pino'
import type { SteadyClock } from '../clock/steady-clock.ts'
import type { Fault, FaultCode } from '../faults.ts'
import { DELETED_WITHIN_MS, PUBLIC_MS, ROW_KEPT_MS } from '../frames/lifetime.ts'
import type { PictureFiles } from '../frames/picture-files.ts'
import { regularly } from '../regularly.ts'
import type { SeriesStore } from '../series/series-store.ts'
import type { Store } from '../store/store.ts'
import { storeFaultOf } from '../store/store-fault.ts'

type Deps = {
  store: Pick<
    Store,
    'frames' | 'deadLetters' | 'liveEvents' | 'sessions' | 'attempts' | 'ticketSales' | 'foreignTickets'
  >
  series: Pick<SeriesStore, 'forget'>
  pictures: Pick<PictureFiles, 'remove' | 'list' | 'removeFile'>
  clock: Clock & Pick<SteadyClock, 'earliest'>
  log: Logger
}

export type Retention = {
  /** Forgets, once, all whose time is over. */
  forget(): Promise<void>
  /** Deletes, once, the files that no row knows: left by a crash between file and row. @returns how many */
  sweep(): Promise<number>
  /** Forgets each minute and sweeps now and then, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /** `waitsUntil`: nothing is deleted before, since this process started with a time that is doubtful; null: it is not. */
  condition(): { failing: FaultCode | null; overduePictures: number; waitsUntil: number | null }
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Pictures are deleted while no frame can be stored: a short pause each, also when a day of them is to go at once. */
const PICTURES_AT_ONCE = 100
const DEAD_LETTERS_KEPT_MS = 30 * DAY_MS
/** A unit gone wild makes one dead letter a second; a day of that is kept, at about 1 KiB each. */
const DEAD_LETTERS_AT_MOST = 100_000
/** Who was away for longer than a day reads the list anew. */
const LIVE_EVENTS_KEPT_MS = DAY_MS
/** An allowance of attempts is full again long before. */
const ALLOWANCES_KEPT_MS = 86_400_000
/** After its last day a ticket is asked about for a season: a complaint, a refund. Then its code cannot be made again. */
const TICKETS_KNOWN_DAYS = 90
/** A picture that came at the end of its public life and lost its row to a crash is still gone within its second day. */
const SWEEP_EVERY_MS = 6 * 3_600_000
/** A younger file may be one whose row is being written. */
const STRAY_AFTER_MS = 10 * MINUTE_MS
const FILES_AT_ONCE = 500
/**
 * Nobody was heard for so long when the process started: the machine was off, or its clock is far ahead, by which every
 * picture would be deleted at once. It waits for as long as a network and a clock need to come back, and a person to look.
 */
const SILENT_AT_START_MS = DAY_MS
const WAIT_AT_START_MS = 3_600_000

/** Keeps the promise that a roadside picture does not outlive its day, and the tables from growing for ever. */
export function createRetention({ store, series, pictures, clock, log }: Deps): Retention {
  let failing: FaultCode | null = null
  let overduePictures = 0
  /** By the monotonic clock; undefined before the first look. */
  let waitsUntilMs: number | null | undefined

  const removeAll = async (sha256s: readonly string[]) => {
    for (const sha256 of sha256s) await pictures.remove(sha256)
  }

  async function isWaiting(): Promise<boolean> {
    if (waitsUntilMs === undefined) {
      const received = (await store.frames.latestFrames()).map(({ receivedAt }) => receivedAt)
      const isSilent = received.length > 0 && clock.earliest() - Math.max(...received) > SILENT_AT_START_MS
      waitsUntilMs = isSilent ? clock.monotonicMs() + WAIT_AT_START_MS : null
      if (isSilent) log.warn({ event: 'retention.waits', forMs: WAIT_AT_START_MS })
    }
    if (waitsUntilMs !== null && clock.monotonicMs() >= waitsUntilMs) waitsUntilMs = null
    return waitsUntilMs !== null
  }

  async function forget(): Promise<void> {
    const now = clock.earliest()
    let forgotten = 0
    for (let more = true; more; ) {
      const count = await store.frames.forgetPictures({ before: now - PUBLIC_MS, limit: PICTURES_AT_ONCE }, removeAll)
      forgotten += count
      more = count === PICTURES_AT_ONCE
    }
    const frames = await store.frames.forgetFrames(now - ROW_KEPT_MS)
    await store.deadLetters.forget({ before: now - DEAD_LETTERS_KEPT_MS, atMost: DEAD_LETTERS_AT_MOST })
    await store.liveEvents.trim(now - LIVE_EVENTS_KEPT_MS)
    await store.sessions.forget(now)
    await store.attempts.forget(now - ALLOWANCES_KEPT_MS)
    const day = civilDayOf(now) - TICKETS_KNOWN_DAYS
    await store.ticketSales.forgetPayloads(day)
    await store.foreignTickets.forgetReferences(day)
    await series.forget(now)
    if (forgotten + frames > 0) log.info({ event: 'retention.forgot', pictures: forgotten, frames })
  }

  async function sweep(): Promise<number> {
    let swept = 0
    let batch: { path: string; sha256: string }[] = []
    const settle = async () => {
      const strays = await store.frames.unkeptContents(batch.map(({ sha256 }) => sha256))
      await store.frames.deleteUnkept([...strays], removeAll)
      swept += batch.filter(({ sha256 }) => strays.has(sha256)).length
      batch = []
    }
    for await (const { path, sha256, writtenAt } of pictures.list()) {
      if (writtenAt > clock.now() - STRAY_AFTER_MS) continue
      if (sha256 !== null) batch.push({ path, sha256 })
      else {
        await pictures.removeFile(path)
        swept += 1
      }
      if (batch.length === FILES_AT_ONCE) await settle()
    }
    await settle()
    if (swept > 0) log.warn({ event: 'retention.swept', files: swept })
    return swept
  }

  const onFault = (fault: Fault | null) => {
    failing = fault?.code ?? null
    if (fault === null) log.info({ event: 'retention.works-again' })
    else log.error({ event: 'retention.fails', fault: fault.code, detail: fault.message })
  }

  return {
    forget,
    sweep,
    run: async (signal) => {
      let sweptAt: number | null = null
      const work = async () => {
        overduePictures = await store.frames.countKeptBefore(clock.earliest() - DELETED_WITHIN_MS)
        if (await isWaiting()) return
        await forget()
        overduePictures = 0
        if (sweptAt !== null && clock.monotonicMs() - sweptAt < SWEEP_EVERY_MS) return
        await sweep()
        sweptAt = clock.monotonicMs()
      }
      await regularly(MINUTE_MS, work, { faultOf: storeFaultOf, onFault }, signal)
    },
    condition: () => {
      const leftMs = typeof waitsUntilMs === 'number' ? waitsUntilMs - clock.monotonicMs() : null
      return { failing, overduePictures, waitsUntil: leftMs === null ? null : clock.now() + leftMs }
    },
  }
}
