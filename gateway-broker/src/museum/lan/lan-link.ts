import { RECEIPT_MAX_ITEMS } from '@vigie/contract/bounds'
import {
  decodeGiven,
  decodeHave,
  decodeLedgerMessage,
  type HaveMark,
  type Shared,
} from '@vigie/contract/gate/ledger-message'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { Receipt, ReceiptItem } from '@vigie/contract/receipt'
import { buildTopic, parseTopic } from '@vigie/contract/topics'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Voice } from '../../voice.ts'
import { isUnwritten } from '../ledger/ledger-file.ts'
import type { MuseumLedger, RowsRefusal } from '../ledger/museum-ledger.ts'
import { createShareOut, type ShareOut } from './share-out.ts'
import { createTakeBack } from './take-back.ts'

/** Why something that a lane said on the LAN was not taken. */
export type LanRefusal = 'not-decodable' | 'unit-of-another' | 'written-anew' | RowsRefusal

export type LanLinkDeps = {
  site: SiteId
  /** The gateway's own unit: its rows are made here, and nobody else's certificate names it. */
  unit: UnitId
  ledger: MuseumLedger
  voice: Voice
  now: () => number
  /** Something is wrong with a lane: it is told, and nobody else is harmed. */
  onRefused(unit: UnitId, why: LanRefusal): void
  /** Rows of our own that were lost have come back from a lane. */
  onBack(unit: UnitId, rows: number): void
  /** The disk took nothing: there is no receipt, and the lane tells it again. */
  onDiskFailure(error: unknown): void
  wait(ms: number): Promise<void>
}

export type LanLink = {
  /** A unit has come or gone: what it lacks is told when it says what it has. */
  unitHere(unit: UnitId, isHere: boolean): void
  /** Tells nobody anything any more; resolves when what was being told is out. */
  stop(): Promise<void>
}

/**
 * The link of the lanes of one museum through this gateway: each tells its rows and gets a receipt after they are durable
 * here, and is told at once what the others wrote. A lane that was away says `have`, and gets what it lacks in order.
 */
export async function createLanLink(deps: LanLinkDeps): Promise<LanLink> {
  const { site, ledger, voice, onRefused } = deps
  const lanes = new Map<UnitId, ShareOut>()
  const takeBack = createTakeBack(deps)

  ledger.onRows((rows) => {
    for (const [unit, lane] of lanes) if (rows.some(({ origin }) => origin !== unit)) lane.ring()
  })

  function takeHave(unit: UnitId, payload: Buffer): void {
    const have = decodeHave(payload)
    if (!have.ok || have.value.unit !== unit) {
      onRefused(unit, have.ok ? 'unit-of-another' : 'not-decodable')
      return
    }
    startSharing(unit, have.value.have)
    takeBack.heard(unit, have.value.have.find(({ origin }) => origin === deps.unit)?.seq ?? 0)
  }

  function takeGiven(unit: UnitId, payload: Buffer): void {
    const given = decodeGiven(payload)
    if (!given.ok || given.value.unit !== unit) onRefused(unit, given.ok ? 'unit-of-another' : 'not-decodable')
    else takeOrTell(() => takeBack.given(unit, given.value.rows))
  }

  function startSharing(unit: UnitId, have: readonly HaveMark[]): void {
    lanes.get(unit)?.stop()
    const topic = buildTopic({ site, unit, what: 'shared' })
    const say = (message: Shared) => voice.say(topic, JSON.stringify(message))
    const waitingBytes = () => voice.waitingBytes(unit)
    const lane = createShareOut({ ledger, say, waitingBytes, wait: deps.wait }, { unit, have })
    lanes.set(unit, lane)
    lane.ring()
  }

  async function takeRows(unit: UnitId, payload: Buffer): Promise<void> {
    const message = decodeLedgerMessage(payload)
    if (!message.ok || message.value.unit !== unit)
      return onRefused(unit, message.ok ? 'unit-of-another' : 'not-decodable')
    const taken = takeOrTell(() => ledger.take(unit, message.value.rows))
    if (taken === null) return
    const { stored, refusal } = taken
    const items: ReceiptItem[] = stored.map((id) => ({ id, outcome: 'stored' }))
    if (refusal !== null) {
      onRefused(unit, refusal.why)
      items.push({ id: refusal.id, outcome: 'refused', reason: `row-${refusal.why}` })
    }
    for (let from = 0; from < items.length; from += RECEIPT_MAX_ITEMS) {
      const receipt: Receipt = {
        v: WIRE_VERSION,
        at: new Date(deps.now()).toISOString(),
        items: items.slice(from, from + RECEIPT_MAX_ITEMS),
      }
      await voice.say(buildTopic({ site, unit, what: 'receipt' }), JSON.stringify(receipt))
    }
  }

  function takeOrTell<Result>(take: () => Result): Result | null {
    try {
      return take()
    } catch (error) {
      if (!isUnwritten(error)) throw error
      deps.onDiskFailure(error)
      return null
    }
  }

  /** The broker lets nobody publish on another's topic, so the topic names the sender. */
  const hear = (what: 'have' | 'given' | 'ledger', take: (unit: UnitId, payload: Buffer) => Promise<void> | void) =>
    voice.hear(`${buildTopic({ site, unit: deps.unit, what }).replace(`/${deps.unit}/`, '/+/')}`, (topic, payload) => {
      const parsed = parseTopic(topic)
      return parsed.ok ? take(parsed.value.unit, payload) : undefined
    })
  await hear('have', takeHave)
  await hear('given', takeGiven)
  await hear('ledger', takeRows)

  return {
    unitHere(unit, isHere) {
      if (isHere) return
      lanes.get(unit)?.stop()
      lanes.delete(unit)
      takeBack.gone(unit)
    },
    async stop() {
      const telling = [...lanes.values()]
      lanes.clear()
      for (const lane of telling) lane.stop()
      await Promise.all(telling.map((lane) => lane.settled()))
    },
  }
}
