import { civilDayOf, dateOfCivilDay, momentOf } from '@vigie/contract/gate/civil-time'
import { type DecisionBody, isRowOf, lacksRight, type Row } from '@vigie/contract/gate/row'
import type { Alarms } from '../alarms.ts'
import type { MuseumLedger, Written } from '../ledger/museum-ledger.ts'
import { isOverride, overridesAmong } from '../overrides.ts'
import { takeUndos } from './take-undos.ts'

/** A decision that a phone made by itself. */
export type Uploaded = { at: string; undoneAt?: string | undefined; body: Omit<DecisionBody, 'by' | 'onList'> }
export type UploadVerdict = {
  nonce: string
  outcome: 'stored' | 'known' | 'refused'
  reason: string | null
  id: string | null
}

/** A phone's list is a day old at most; a decision of last month is a phone with a broken clock. */
const OLDEST_MS = 30 * 86_400_000
const AHEAD_MS = 5 * 60_000

type Deps = {
  ledger: Pick<MuseumLedger, 'byNonce' | 'between' | 'append' | 'ofDecision'>
  overridesPerDay: () => number
  alarms: Alarms
  now: () => number
}

/**
 * Writes down what a phone decided by itself, each once and in order, with one write to the disk; gives what became of each.
 * What is refused says why, and the rest goes on. What was taken back there may be known from before: its undo is new.
 */
export function takeUpload(uploaded: readonly Uploaded[], by: string, deps: Deps): UploadVerdict[] {
  const { ledger, now } = deps
  const nowMs = now()
  const nonces = uploaded.map(({ body }) => ownNonce(body, ledger))
  const fresh = new Map<string, Written>()
  for (const [index, one] of uploaded.entries()) {
    const { at } = one
    const body = { ...one.body, nonce: nonces[index] ?? one.body.nonce }
    if (fresh.has(body.nonce) || ledger.byNonce(body.nonce) !== null) continue
    if (whyRefused({ at, body }, nowMs) !== null) continue
    // Whoever hands it up answers for it: nobody writes an exception in a colleague's name.
    const forced = body.forced && { forced: { ...body.forced, by } }
    fresh.set(body.nonce, { body: { ...body, ...forced, by, onList: 'phone' }, atMs: Date.parse(at) })
  }
  const rows = ledger.append([...fresh.values()])
  tellWhatIsBeyond(rows, by, deps)
  const ids = new Map([...fresh.keys()].map((nonce, index) => [nonce, rows[index]?.id ?? null]))
  const late = takeUndos(uploaded, nonces, by, ledger)
  return uploaded.map(({ at, body }, index) => {
    const { nonce } = body
    const own = nonces[index] ?? nonce
    if (late.has(own)) return { nonce, outcome: 'refused', reason: 'undo-refused', id: null }
    const id = ids.get(own)
    ids.delete(own)
    if (id !== undefined) return { nonce, outcome: 'stored', reason: null, id }
    const known = ledger.byNonce(own)
    if (known !== null) return { nonce, outcome: 'known', reason: null, id: known.id }
    return { nonce, outcome: 'refused', reason: whyRefused({ at, body }, nowMs), id: null }
  })
}

/** Nobody could refuse what a phone did alone; that it was more than the person may is told to those who can. */
function tellWhatIsBeyond(rows: readonly Row[], by: string, { ledger, overridesPerDay, alarms }: Deps): void {
  const days = new Set(rows.filter(isOverride).map(({ at }) => civilDayOf(Date.parse(at))))
  const fresh = new Set(rows.map(({ id }) => id))
  for (const day of days) {
    const [fromMs = 0, untilMs = 0] = [day, day + 1].map((one) => momentOf({ day: one, minutes: 0 }))
    const beyond = overridesAmong(ledger.between(fromMs, untilMs), overridesPerDay()).filter(
      ({ row, isBeyond }) => isBeyond && row.body.by === by,
    )
    if (!beyond.some(({ row }) => fresh.has(row.id))) continue
    alarms.raise('overrides-beyond-quota', `${by}, ${dateOfCivilDay(day)}: ${beyond.length}`)
  }
}

/**
 * Where the gateway had refused, and its answer was lost, whoever the phone let in is in all the same: that is a row of its
 * own, by which the double entry is seen.
 */
function ownNonce({ nonce, outcome }: Uploaded['body'], ledger: Pick<MuseumLedger, 'byNonce'>): string {
  const known = ledger.byNonce(nonce)
  const isRefused = known !== null && isRowOf(known, 'decision') && known.body.outcome !== 'ok'
  return outcome === 'ok' && isRefused ? `${nonce.slice(0, 57)}-let-in` : nonce // 64 characters at most
}

function whyRefused({ at, body }: Uploaded, nowMs: number): string | null {
  const atMs = Date.parse(at)
  if (atMs > nowMs + AHEAD_MS) return 'in-the-future'
  if (atMs < nowMs - OLDEST_MS) return 'too-old'
  // A refusal is worth keeping where it says of what: a ticket, or what was read.
  if (body.ticket === null && body.text === undefined) return 'of-nothing'
  if (body.outcome === 'ok' && (body.ticket === null || body.persons === 0)) return 'lets-nobody-in'
  return lacksRight(body) ? 'without-right' : null
}
