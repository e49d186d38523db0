import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@vigie/contract/clock'
import { buildTopic } from '@vigie/contract/topics'
import type { Logger } from 'pino'
import type { Fault } from '../faults.ts'
import { type PictureFiles, THUMBNAIL_WIDTHS } from '../frames/picture-files.ts'
import { createBell } from '../live/bell.ts'
import { untilItWorks } from '../retry.ts'
import type { AddressedDeadLetter } from '../store/dead-letters.ts'
import type { FrameStore, StoredFrame } from '../store/frames.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { type Developed, develop, isDeveloped, type Undeveloped } from './develop.ts'

type Deps = {
  frames: Pick<FrameStore, 'framesWithoutThumbnails' | 'noteThumbnails' | 'deleteUnkept' | 'takeBack'>
  pictures: Pick<PictureFiles, 'sizeOf' | 'read' | 'keepAll' | 'remove'>
  /** Whether frames wait to be received: the worker then gives way to them. */
  isBusy: () => boolean
  /** Told of each frame with its picture in all sizes, before its thumbnails are on the disk. */
  onDeveloped: (frame: StoredFrame, developed: Developed) => void
  /** Told when frames were taken back, which changes what is shown. */
  onTakenBack: () => void
  clock: Clock
  random: () => number
  log: Logger
}

export type ThumbnailWorker = {
  /** Makes what is missing, also what an earlier process left, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /** There may be new frames: said by whoever stored them in this process. */
  ring(): void
}

/** Frames whose thumbnails are kept and noted together. */
const BATCH = 16
/** Pictures in work at once: two decoded 4096 px pictures are 100 MB, and receiving must go on meanwhile. */
const IN_WORK = 2
/** Frames that another instance stored and did not get to are found this late at most. */
const LOOK_EVERY_MS = 30_000
/** Giving way: so often it looks whether it may go on, and so long at most, that thumbnails of today are not of tomorrow. */
const GIVE_WAY_MS = { step: 100, most: 3_000 }

type Outcome = 'there' | Developed | Undeveloped
type Worked = { frame: StoredFrame; outcome: Outcome }

/**
 * Makes the thumbnails of stored frames, the newest first, a few at a time, behind the back of the intake. It is the first
 * to decode a picture: one that does not decode is taken back.
 */
export function createThumbnailWorker(deps: Deps): ThumbnailWorker {
  const { frames, pictures, isBusy, clock, random, log } = deps
  const bell = createBell()

  async function work(): Promise<number> {
    const waiting = await frames.framesWithoutThumbnails(BATCH)
    const worked: Worked[] = []
    const rest = waiting.values()
    const oneByOne = async () => {
      for (const frame of rest) worked.push({ frame, outcome: await outcomeOf(frame) })
    }
    await Promise.all(Array.from({ length: IN_WORK }, oneByOne))

    const files = worked.flatMap(({ frame: { sha256 }, outcome }) =>
      isPictures(outcome)
        ? THUMBNAIL_WIDTHS.flatMap((size) => {
            const bytes = outcome.get(size)
            return bytes === undefined ? [] : [{ sha256, size, bytes }]
          })
        : [],
    )
    await pictures.keepAll(files)
    await note(
      worked.filter(({ outcome }) => outcome === 'there' || isPictures(outcome)),
      'made',
    )
    await note(
      worked.filter(({ outcome }) => whyOf(outcome) === 'missing'),
      'impossible',
    )
    await takeBack(worked)
    return waiting.length
  }

  /** What becomes of one frame; whoever waits for its picture has it before the batch is on the disk. */
  async function outcomeOf(frame: StoredFrame): Promise<Outcome> {
    const { id, sha256 } = frame
    const there = await Promise.all(THUMBNAIL_WIDTHS.map((width) => pictures.sizeOf(sha256, width)))
    if (there.every((size) => size !== null)) return 'there'
    let result = await develop(sha256, pictures)
    // Asked twice, since taking back is for good and a decoder may also fail for want of memory.
    if (!isDeveloped(result)) result = await develop(sha256, pictures)
    if (isDeveloped(result)) {
      deps.onDeveloped(frame, result)
      return result
    }
    log.error({ event: `thumbnails.${result.why}`, frame: id, sha256, detail: result.detail })
    return result
  }

  async function note(of: readonly Worked[], outcome: 'made' | 'impossible'): Promise<void> {
    const noted = await frames.noteThumbnails(
      of.map(({ frame }) => frame.id),
      outcome,
    )
    // Their pictures were deleted while the thumbnails were made.
    const late = of.filter(({ frame }) => !noted.has(frame.id)).map(({ frame }) => frame.sha256)
    await frames.deleteUnkept(late, removeAll)
  }

  async function takeBack(worked: readonly Worked[]): Promise<void> {
    let isChanged = false
    for (const { frame, outcome } of worked) {
      if (whyOf(outcome) !== 'undecodable') continue
      const letter = letterOf(frame, detailOf(outcome))
      isChanged = (await frames.takeBack({ id: frame.id, letter, at: clock.now() }, removeAll)) || isChanged
    }
    if (isChanged) deps.onTakenBack()
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

const isPictures = (outcome: Outcome): outcome is Developed => outcome !== 'there' && isDeveloped(outcome)
const whyOf = (outcome: Outcome) => (outcome === 'there' || isDeveloped(outcome) ? null : outcome.why)
const detailOf = (outcome: Outcome) => (outcome === 'there' || isDeveloped(outcome) ? '' : outcome.detail)

/** For the person who looks for the cause. Its header is gone by now; what the row keeps of it names the frame. */
function letterOf(frame: StoredFrame, detail: string): AddressedDeadLetter {
  const { id, site, unit, camera, preset, receivedAt, bytes, boot, seq, sha256 } = frame
  return {
    receivedAt,
    topic: buildTopic({ site, unit, what: 'frame', camera, preset }),
    site,
    unit,
    item: id,
    reason: 'picture-not-decodable',
    detail,
    bytes,
    excerpt: Buffer.from(JSON.stringify({ id, seq, boot, sha256 })),
  }
}
