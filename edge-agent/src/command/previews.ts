import type { CameraId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { encodePreview } from '@vigie/contract/preview'
import { buildTopic } from '@vigie/contract/topics'
import { faultCodeOf } from '../faults.ts'
import type { Traffic } from '../health/traffic.ts'
import type { Stamp } from '../stamp.ts'
import type { Time } from '../time.ts'
import { createDoorbell } from '../uplink/doorbell.ts'
import type { Line } from '../uplink/line.ts'
import type { CoarsePicture } from './coarse-picture.ts'

/** What a look sends, as far as the line takes it. */
export type Previews = {
  /** Takes the place of one of the same camera that still waits. Forgotten without a connection. */
  offer(preview: { command: ItemId; camera: CameraId; picture: CoarsePicture; monoMs: number }): void
  /** Of a command, so far. */
  sent(command: ItemId): { sent: number; sentBytes: number }
  /** Sends until aborted. */
  run(signal: AbortSignal): Promise<void>
}

export type PreviewDeps = {
  site: SiteId
  unit: UnitId
  time: Time
  stamp: Stamp
  line: Line
  traffic: Pick<Traffic, 'countPreview'>
}

/** Of so many cameras at once; a search shows that many. Beyond: the oldest goes. */
const MAX_WAITING = 8
const LOOK_EVERY_MS = 3_600_000
/** A line on which a preview takes longer than this has something better to do for as long again. */
const BUSY_MS = 2_000
const COMMANDS_COUNTED = 8

type Offered = Parameters<Previews['offer']>[0]

/** One at a time, at the pace of the broker's word: a slow line gets fewer, never a heap of old ones. */
export function createPreviews({ site, unit, time, stamp, line, traffic }: PreviewDeps): Previews {
  const topic = buildTopic({ site, unit, what: 'preview' })
  const waiting = new Map<CameraId, Offered>()
  const counts = new Map<ItemId, { sent: number; sentBytes: number }>()
  const bell = createDoorbell(time)

  async function send({ command, camera, picture, monoMs }: Offered, signal: AbortSignal): Promise<void> {
    const header = { ...stamp.next('preview', { monoMs }), kind: 'preview' as const, command, camera }
    const { jpeg, widthPx, heightPx } = picture
    const payload = encodePreview({ header: { ...header, widthPx, heightPx }, picture: jpeg })
    const startedMs = time.monotonicMs()
    await line.publish({ topic, payload, qos: 1, retain: false }, signal)
    traffic.countPreview(payload.byteLength)
    const before = counts.get(command) ?? { sent: 0, sentBytes: 0 }
    counts.set(command, { sent: before.sent + 1, sentBytes: before.sentBytes + payload.byteLength })
    const [oldest] = counts.keys()
    if (counts.size > COMMANDS_COUNTED && oldest !== undefined) counts.delete(oldest)
    const tookMs = time.monotonicMs() - startedMs
    if (tookMs > BUSY_MS) await time.wait(tookMs, signal)
  }

  return {
    offer(preview) {
      if (!line.isOpen()) return
      waiting.delete(preview.camera)
      waiting.set(preview.camera, preview)
      const [oldest] = waiting.keys()
      if (waiting.size > MAX_WAITING && oldest !== undefined) waiting.delete(oldest)
      bell.ring()
    },

    sent: (command) => counts.get(command) ?? { sent: 0, sentBytes: 0 },

    async run(signal) {
      try {
        for (;;) {
          const [next] = waiting.values()
          if (next === undefined) {
            await bell.heard(LOOK_EVERY_MS, signal)
            continue
          }
          waiting.delete(next.camera)
          await send(next, signal).catch((error: unknown) => {
            // The connection is gone: what waited is of no use to anybody later.
            if (faultCodeOf(error) === null) throw error
            waiting.clear()
          })
        }
      } catch (error) {
        if (!signal.aborted) throw error
      }
    },
  }
}
