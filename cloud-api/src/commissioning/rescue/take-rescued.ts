import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { Clock } from '@vigie/contract/clock'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { RevocationReason } from '@vigie/contract/office'
import { parseTopic } from '@vigie/contract/topics'
import type { PictureFiles } from '../../frames/picture-files.ts'
import { commit, commitTelemetry } from '../../intake/commit.ts'
import { createJudge, type JudgeDeps } from '../../intake/judge.ts'
import type { Message } from '../../intake/message.ts'
import { isTelemetry } from '../../intake/verdict.ts'
import type { SeriesStore } from '../../series/series-store.ts'
import type { Store } from '../../store/store.ts'

export type RescueDeps = {
  store: JudgeDeps['store'] & Pick<Store, 'items' | 'deadLetters'>
  series: Pick<SeriesStore, 'write'>
  pictures: Pick<PictureFiles, 'keepAll' | 'sizeOf'>
  isTimeCertain: () => boolean
  clock: Clock
  /** Told when frames were stored. */
  onChange: () => void
}

/** An item as it lay in an outbox. */
export type RescuedItem = { id: string; topic: string; payload: Uint8Array }

/**
 * What became of an item. `stored`: it is there, now or since long. `passed-over`: it says how the unit was, which nobody
 * wants to know of a unit that is gone.
 */
export type RescueOutcome = {
  id: string
  outcome: 'stored' | 'expired' | 'refused' | 'passed-over'
  reason: string | null
}

/** Revoked for one of these, a key was still in nobody's hands but the unit's; one that was stolen is believed no more. */
const BELIEVED: readonly RevocationReason[] = ['replaced', 'retired', 'superseded']

/** What a unit left that still matters without it. */
const WANTED: readonly string[] = ['ledger', 'frame', 'unchanged', 'telemetry']

/**
 * Takes what lay in the outbox of a unit that stood at a site: judged as if it had come over the wire, by the key that the
 * unit had, and stored once. It does not count as the unit being heard.
 */
export async function takeRescued(
  { store, series, pictures, isTimeCertain, clock, onChange }: RescueDeps,
  { site, unit }: { site: SiteDocument; unit: UnitId },
  items: readonly RescuedItem[],
): Promise<RescueOutcome[]> {
  const receivedAt = clock.now()
  const outcomes = new Map<string, RescueOutcome>()
  const say = (id: string, outcome: RescueOutcome['outcome'], reason: string | null = null) =>
    outcomes.set(id, { id, outcome, reason })

  const messages = new Map<Message, string>()
  for (const { id, topic, payload } of items) {
    const parsed = parseTopic(topic)
    const isOfUnit = parsed.ok && parsed.value.site === site.id && parsed.value.unit === unit
    if (!isOfUnit) say(id, 'refused', 'unit-not-at-site')
    else if (!WANTED.includes(parsed.value.what)) say(id, 'passed-over')
    else messages.set({ topic, payload, receivedAt }, id)
  }

  const whereItStood = { ...site, unit }
  const then = {
    ...store,
    unitCertificates: {
      ...store.unitCertificates,
      revocationOf: async (...of: Parameters<Store['unitCertificates']['revocationOf']>) => {
        const reason = await store.unitCertificates.revocationOf(...of)
        return reason !== null && BELIEVED.includes(reason) ? null : reason
      },
    },
    fleet: { ...store.fleet, site: async (id: SiteId) => (id === site.id ? whereItStood : undefined) },
  }
  // No births are judged here, and so no authority is asked.
  const judged = await createJudge({ store: then, authorities: () => [], isTimeCertain, onGateAsk: () => {} }).judgeAll(
    [...messages.keys()],
  )
  for (const { message, verdict } of judged) {
    if (verdict.what === 'later') say(messages.get(message) ?? '', 'refused', 'key-unknown')
  }
  const unheard: typeof store = {
    ...store,
    items: { storeItems: (batch) => store.items.storeItems({ ...batch, heard: [] }) },
  }
  const telemetry = judged.filter(isTelemetry)
  const others = judged.filter((one) => !isTelemetry(one)).map(({ verdict }) => verdict)
  const committed = [
    await commit(others, { store: unheard, pictures }, receivedAt),
    ...(telemetry.length === 0 ? [] : [await commitTelemetry(telemetry, { store: unheard, series }, receivedAt)]),
  ]
  for (const { item } of committed.flatMap(({ words }) => words)) {
    say(item.id, item.outcome, 'reason' in item ? (item.reason ?? null) : null)
  }
  if (committed.some(({ storedFrames }) => storedFrames.length > 0)) onChange()
  return items.map(({ id }) => outcomes.get(id) ?? { id, outcome: 'refused', reason: 'not-readable' })
}
