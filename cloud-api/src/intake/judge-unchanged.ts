import type { SiteDocument } from '@vigie/config-schema/site-document'
import { decodeUnchanged } from '@vigie/contract/unchanged'
import { PUBLIC_MS } from '../frames/lifetime.ts'
import type { ItemOutcome } from '../store/items.ts'
import type { Sighting } from '../store/sightings.ts'
import { AHEAD_AT_MOST_MS } from './judge-frame.ts'
import { deadLetterOf, type Message, type Sender, type Why } from './message.ts'
import type { Verdict } from './verdict.ts'

/**
 * How long a unit is asked to say a sighting again whose frame is not there: the frame may be on its way, and whoever
 * sends the newest first sends the sighting before it. Longer, and it is let go as `expired`: after an outage sightings
 * overtake the frames that they speak of, which is nobody's fault. A frame that was lost is made good by the whole one
 * that a unit sends each quarter of an hour.
 */
export const FRAME_WITHIN_MS = 10 * 60_000

/** Judges the word that a view has not changed, as far as this goes without the frame that it names. */
export function judgeUnchanged(message: Message, topic: Sender, site: SiteDocument): Verdict {
  const refuse = (why: Why): Verdict => ({ what: 'refused', sender: topic, letter: deadLetterOf(message, topic, why) })
  const decoded = decodeUnchanged(message.payload)
  if (!decoded.ok) return refuse(decoded)
  const { id, unit, camera, preset, frame, clock, at, intervalS = null } = decoded.value
  if (unit !== topic.unit) return refuse({ reason: 'topic-and-header-differ', detail: 'unit' })
  const view = site.cameras.find((one) => one.id === camera)?.presets.find((one) => one.id === preset)
  if (view === undefined) return refuse({ reason: 'camera-unknown', detail: 'no such camera or preset' })
  if (view.masks === undefined) return refuse({ reason: 'mask-not-approved', detail: 'none approved' })

  const seenAt = Date.parse(at)
  const { receivedAt } = message
  if (seenAt <= receivedAt - PUBLIC_MS) return { what: 'expired', sender: topic, id }
  if (seenAt > receivedAt + AHEAD_AT_MOST_MS) {
    return refuse({ reason: 'time-in-the-future', detail: `${seenAt - receivedAt} ms ahead` })
  }
  const { version: maskVersion } = view.masks
  const where = { site: topic.site, unit, camera, preset }
  return {
    what: 'unchanged',
    sender: topic,
    message,
    sighting: { id, ...where, frame, seenAt, clock, receivedAt, intervalS, maskVersion },
  }
}

/** Whether a sighting has waited long enough for its frame. */
export const isFrameOverdue = (outcome: ItemOutcome | undefined, { receivedAt, seenAt }: Sighting): boolean =>
  outcome === 'frame-unknown' && receivedAt - seenAt >= FRAME_WITHIN_MS

/** Why a sighting is refused by what the store found; null: it was taken, or waits for its frame. */
export function whyUnseen(outcome: ItemOutcome | undefined): Why | null {
  switch (outcome) {
    case 'frame-elsewhere':
      return { reason: 'frame-unknown', detail: 'the frame is of another unit or view' }
    case 'masks-outdated':
      return { reason: 'mask-not-approved', detail: 'the masks of its frame are not the approved ones any more' }
    case 'picture-taken-back':
      return { reason: 'frame-unknown', detail: 'the picture of its frame does not decode and was taken back' }
    default:
      return null
  }
}
