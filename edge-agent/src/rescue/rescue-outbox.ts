import { parseTopic } from '@vigie/contract/topics'
import type { LyingItem, LyingOutbox } from './read-outbox.ts'

export type Outcome = { id: string; outcome: 'stored' | 'expired' | 'refused' | 'passed-over'; reason: string | null }

/** What the cloud has said of all items: how many came to each outcome, and why some were refused. */
export type RescueTally = Record<Outcome['outcome'], number> & { reasons: Record<string, number> }

/** Hands items to the cloud and gives its word on each. Rejects when the cloud does not answer or refuses them all. */
export type PostItems = (
  place: { site: string; unit: string },
  items: readonly LyingItem[],
  signal: AbortSignal,
) => Promise<Outcome[]>

/** What the cloud takes at once, in items and in bytes before base64. */
const BATCH_ITEMS = 100
const BATCH_BYTES = 4 * 1024 * 1024

/** Sends everything that lies in an outbox, in batches of one unit each. Doing it again changes nothing at the cloud. */
export async function rescueOutbox(
  outbox: LyingOutbox,
  { post, onBatch }: { post: PostItems; onBatch: (done: number) => void },
  signal: AbortSignal,
): Promise<RescueTally> {
  const tally: RescueTally = { stored: 0, expired: 0, refused: 0, 'passed-over': 0, reasons: {} }
  let done = 0
  for (const { place, items } of batchesOf(outbox.read())) {
    for (const { outcome, reason } of await post(place, items, signal)) {
      tally[outcome] += 1
      if (outcome === 'refused' && reason !== null) tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1
    }
    done += items.length
    onBatch(done)
  }
  return tally
}

type Batch = { place: { site: string; unit: string }; items: LyingItem[] }

function* batchesOf(items: Iterable<LyingItem>): Iterable<Batch> {
  let batch: Batch | null = null
  let bytes = 0
  for (const item of items) {
    const topic = parseTopic(item.topic)
    if (!topic.ok) continue // of another version of the wire; no cloud would take it
    const { site, unit } = topic.value
    const isFull =
      batch !== null && (batch.items.length >= BATCH_ITEMS || bytes + item.payload.byteLength > BATCH_BYTES)
    const isElsewhere = batch !== null && (batch.place.site !== site || batch.place.unit !== unit)
    if (batch !== null && (isFull || isElsewhere)) {
      yield batch
      batch = null
    }
    if (batch === null) {
      batch = { place: { site, unit }, items: [] }
      bytes = 0
    }
    batch.items.push(item)
    bytes += item.payload.byteLength
  }
  if (batch !== null) yield batch
}
