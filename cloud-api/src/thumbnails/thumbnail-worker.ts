import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { Fault } from '../faults.ts'
import { type PictureFiles, THUMBNAIL_WIDTHS } from '../frames/picture-files.ts'
import { createBell } from '../live/bell.ts'
import { untilItWorks } from '../retry.ts'
import type { FrameStore, StoredFrame } from '../store/frames.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { makeThumbnails } from './make-thumbnails.ts'

type Deps = {
  frames: Pick<FrameStore, 'framesWithoutThumbnails' | 'noteThumbnails' | 'deleteUnkept'>
  pictures: Pick<PictureFiles, 'pathOf' | 'sizeOf' | 'keep' | 'remove'>
  /** Whether frames wait to be received: the worker then gives way to them. */
  isBusy: () => boolean
  random: () => number
  log: Logger
}

export type ThumbnailWorker = {
  /** Makes what is missing, also what an earlier process left, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /** There may be new frames: said by whoever stored them in this process. */
  ring(): void
}

/** Frames whose thumbnails are noted in one transaction. */
const BATCH = 16
/** Pictures in work at once: two decoded 4096 px pictures are 100 MB, and receiving must go on meanwhile. */
const IN_WORK = 2
/** Frames that another instance stored and did not get to are found this late at most. */
const LOOK_EVERY_MS = 30_000
/** Giving way: so often it looks whether it may go on, and so long at most, that thumbnails of today are not of tomorrow. */
const GIVE_WAY_MS = { step: 100, most: 3_000 }

type Outcome = 'made' | 'impossible'

/** Makes the thumbnails of stored frames, the newest first, a few at a time, behind the back of the intake. */
export function createThumbnailWorker({ frames, pictures, isBusy, random, log }: Deps): ThumbnailWorker {
  const bell = createBell()

  async function thumbnailsOf({ id, sha256 }: StoredFrame): Promise<Outcome> {
    const there = await Promise.all(THUMBNAIL_WIDTHS.map((width) => pictures.sizeOf(sha256, width)))
    if (there.every((size) => size !== null)) return 'made'
    try {
      const picture = await readFile(pictures.pathOf(sha256, 'full'))
      for (const [width, bytes] of await makeThumbnails(picture)) await pictures.keep(sha256, width, bytes)
      return 'made'
    } catch (error) {
      if (error instanceof Fault) throw error
      log.error({ event: 'thumbnails.impossible', frame: id, sha256, err: error })
      return 'impossible'
    }
  }

  async function work(): Promise<number> {
    const waiting = await frames.framesWithoutThumbnails(BATCH)
    const outcomes: { frame: StoredFrame; outcome: Outcome }[] = []
    const rest = waiting.values()
    const oneByOne = async () => {
      for (const frame of rest) outcomes.push({ frame, outcome: await thumbnailsOf(frame) })
    }
    await Promise.all(Array.from({ length: IN_WORK }, oneByOne))
    for (const outcome of ['made', 'impossible'] as const) {
      const done = outcomes.filter((one) => one.outcome === outcome).map(({ frame }) => frame)
      const noted = await frames.noteThumbnails(
        done.map(({ id }) => id),
        outcome,
      )
      // Their pictures were deleted while the thumbnails were made.
      const late = done.filter(({ id }) => !noted.has(id)).map(({ sha256 }) => sha256)
      await frames.deleteUnkept(late, (sha256s) => removeAll(sha256s))
    }
    return waiting.length
  }

  const removeAll = async (sha256s: readonly string[]) => {
    for (const sha256 of sha256s) await pictures.remove(sha256)
  }

  const onFault = (fault: Fault | null) => {
    if (fault === null) log.info({ event: 'thumbnails.work-again' })
    else log.error({ event: 'thumbnails.fail', fault: fault.code, detail: fault.message })
  }

  return {
    ring: () => bell.ring(),
    run: async (signal) => {
      while (!signal.aborted) {
        for (let gaveMs = 0; isBusy() && gaveMs < GIVE_WAY_MS.most && !signal.aborted; gaveMs += GIVE_WAY_MS.step) {
          await pause(GIVE_WAY_MS.step, undefined, { signal }).catch(() => undefined)
        }
        const done = await untilItWorks(work, { random, faultOf: storeFaultOf, onFault }, signal)
        if (done === 0) await bell.wait(LOOK_EVERY_MS, signal)
      }
    },
  }
}
