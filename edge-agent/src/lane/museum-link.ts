import { LEDGER_MESSAGE_MAX_ROWS } from '@vigie/contract/bounds'
import {
  decodeShared,
  decodeWanted,
  type Given,
  type Have,
  type LedgerMessage,
} from '@vigie/contract/gate/ledger-message'
import type { Row } from '@vigie/contract/gate/row'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { decodeReceipt } from '@vigie/contract/receipt'
import { type RetryPolicy, retryDelayMs } from '@vigie/contract/reconnect'
import { buildTopic, parseTopic } from '@vigie/contract/topics'
import { faultCodeOf } from '../faults.ts'
import type { Stamp } from '../stamp.ts'
import type { Time } from '../time.ts'
import { type BrokerAddress, connectToBroker, type OutgoingMessage } from '../uplink/broker-connection.ts'
import type { Doorbell } from '../uplink/doorbell.ts'
import type { LaneLedger } from './ledger/lane-ledger.ts'

export type MuseumLinkDeps = {
  site: SiteId
  unit: UnitId
  ledger: LaneLedger
  stamp: Stamp
  time: Time
  random: () => number
  bell: Doorbell
  /** The gateway's broker on the LAN, with what the unit shows now. */
  address: () => BrokerAddress
  /** Rows of other lanes and of phones have come, and are durable. */
  onRows(rows: readonly Row[]): void
  /** Commands of the staff, and the words on them. */
  commands: { take(payload: Uint8Array): void; firstWord(): OutgoingMessage | null; wordSent(): void }
  onLink(isLinked: boolean, error?: unknown): void
  /** Rows that were not taken, by the gateway or here: a lane goes on all the same. */
  onTrouble(what: string): void
}

/** On a wire of the building nobody is spared: who was away a moment is back within a second or two. */
const BACK: RetryPolicy = { firstMs: 300, capMs: 3_000 }
const KEEP_ALIVE_S = 10
const LOOK_EVERY_MS = 1_000
/** Four messages; the gateway answers within milliseconds. */
const UNDER_WAY_MAX = 4 * LEDGER_MESSAGE_MAX_ROWS
const AGAIN_AFTER_MS = 10_000
/** A lane that finds one gap finds it in every message that was under way. */
const HAVE_AT_MOST_EVERY_MS = 1_000
/** A gateway that lost its ledger is told everything at once. Where rows are lacking here too, that helps nothing, and costs a season. */
const START_OVER_FIRST_MS = 10_000
const START_OVER_CAP_MS = 600_000
/** A mark that is old costs some rows sent twice after a power cut, a write each time would cost a decision its turn. */
const NOTED_EVERY_MS = 5_000

/** Keeps the link to the museum gateway for as long as it is wanted. No decision ever waits for it. */
export async function runMuseumLink(deps: MuseumLinkDeps, signal: AbortSignal): Promise<void> {
  const pace = createPace(deps.time.monotonicMs)
  let failures = 0
  while (!signal.aborted) {
    try {
      await runSession(deps, pace, signal, () => {
        failures = 0
      })
    } catch (error) {
      if (signal.aborted) return
      if (faultCodeOf(error) === null) throw error
      deps.onLink(false, error)
    }
    failures += 1
    await deps.time.wait(retryDelayMs(failures, deps.random, BACK), signal).catch(() => undefined)
  }
}

/** Lets the rows be told from the first at once, and again ever more seldom. */
function createPace(monotonicMs: () => number) {
  let nextMs = Number.NEGATIVE_INFINITY
  let waitMs = START_OVER_FIRST_MS
  return {
    mayStartOver(): boolean {
      const nowMs = monotonicMs()
      if (nowMs < nextMs) return false
      // What was told in peace since then is another matter.
      waitMs = nowMs - nextMs > START_OVER_CAP_MS ? START_OVER_FIRST_MS : waitMs
      nextMs = nowMs + waitMs
      waitMs = Math.min(waitMs * 2, START_OVER_CAP_MS)
      return true
    },
  }
}

async function runSession(
  deps: MuseumLinkDeps,
  pace: ReturnType<typeof createPace>,
  signal: AbortSignal,
  onLinked: () => void,
): Promise<void> {
  const { site, unit, ledger, stamp, time, bell } = deps
  const heard: { what: string; payload: Uint8Array }[] = []
  const connection = await connectToBroker(
    { ...deps.address(), keepAliveS: KEEP_ALIVE_S },
    {
      clientId: unit,
      ...{ now: time.now, tickets: { last: null } },
      ...{ onSecure: () => undefined, onHeard: () => undefined, onCarried: () => undefined },
      onMessage(topic, payload) {
        const parsed = parseTopic(topic)
        if (parsed.ok) heard.push({ what: parsed.value.what, payload })
        bell.ring()
      },
    },
    signal,
  )
  const over = AbortSignal.any([signal, connection.ended])
  const underWay = new Map<ItemId, number>()
  let sentUpTo = ledger.mark('lan')
  let sentMs = time.monotonicMs()
  let notedMs = time.monotonicMs()
  let isRefused = false
  let isHeld = false
  let isHaveWanted = false
  let saidHaveMs = Number.NEGATIVE_INFINITY

  const say = (what: 'have' | 'given' | 'ledger', message: object) =>
    connection.publish(
      { topic: buildTopic({ site, unit, what }), payload: Buffer.from(JSON.stringify(message)), qos: 0, retain: false },
      over,
    )
  async function sayHave(): Promise<void> {
    isHaveWanted = false
    saidHaveMs = time.monotonicMs()
    await say('have', { ...stamp.next('ticket'), kind: 'have', have: ledger.have() } satisfies Have)
  }

  function takeShared(payload: Uint8Array): void {
    const shared = decodeShared(payload)
    if (!shared.ok) {
      deps.onTrouble(shared.reason)
      return
    }
    const { taken, problem } = ledger.take(shared.value.rows)
    if (taken.length > 0) deps.onRows(taken)
    if (problem === null) return
    deps.onTrouble(`${problem.origin}: ${problem.why}`)
    if (problem.why === 'gap') isHaveWanted = true
  }

  /** The gateway has lost rows, and knows that they are here. */
  async function giveWanted(payload: Uint8Array): Promise<void> {
    const wanted = decodeWanted(payload)
    if (!wanted.ok) return deps.onTrouble(wanted.reason)
    const { origin, after } = wanted.value
    const rows = ledger.of(origin, after, LEDGER_MESSAGE_MAX_ROWS)
    if (rows.length > 0) await say('given', { ...stamp.next('ticket'), kind: 'given', rows } satisfies Given)
  }

  function takeReceipt(payload: Uint8Array): void {
    const receipt = decodeReceipt(payload)
    if (!receipt.ok) return
    for (const { id, outcome, reason = '' } of receipt.value.items) {
      if (outcome === 'stored') underWay.delete(id)
      else if (!underWay.has(id)) continue
      else if (reason === 'row-gap') meetGap(underWay.get(id) ?? 0)
      else {
        deps.onTrouble(reason)
        isRefused = true
      }
    }
  }

  /** The gateway lacks rows before this one. */
  function meetGap(seq: number): void {
    // Some of them are under way: a message was lost on the wire.
    if (settledUpTo() < seq - 1) startOver(settledUpTo())
    else if (pace.mayStartOver()) startOver(0)
    else {
      deps.onTrouble(`row-gap: rows before ${seq} are lacking at the gateway and here`)
      isHeld = true
    }
  }

  function startOver(fromSeq: number): void {
    underWay.clear()
    sentUpTo = fromSeq
  }

  /** Up to where the gateway has everything. */
  const settledUpTo = () => (underWay.size === 0 ? sentUpTo : Math.min(...underWay.values()) - 1)

  async function tellRows(): Promise<void> {
    const nowMs = time.monotonicMs()
    if (isHeld && !pace.mayStartOver()) return
    if (isHeld) startOver(0)
    isHeld = false
    if (underWay.size > 0 && nowMs - sentMs >= AGAIN_AFTER_MS) startOver(settledUpTo())
    while (!isRefused && underWay.size < UNDER_WAY_MAX && !over.aborted) {
      const rows = ledger.own(sentUpTo, LEDGER_MESSAGE_MAX_ROWS)
      if (rows.length === 0) return
      for (const { id, seq } of rows) underWay.set(id, seq)
      sentUpTo = rows.at(-1)?.seq ?? sentUpTo
      sentMs = time.monotonicMs()
      await say('ledger', { ...stamp.next('ticket'), kind: 'ledger', rows } satisfies LedgerMessage)
    }
  }

  function note(isLast: boolean): void {
    const settled = settledUpTo()
    if (settled === ledger.mark('lan') || isRefused) return
    if (!isLast && time.monotonicMs() - notedMs < NOTED_EVERY_MS) return
    notedMs = time.monotonicMs()
    ledger.setMark('lan', settled)
  }

  try {
    await connection.subscribe(
      (['receipt', 'shared', 'wanted', 'command'] as const).map((what) => buildTopic({ site, unit, what })),
      over,
    )
    await sayHave()
    onLinked()
    deps.onLink(true)
    while (!over.aborted) {
      for (const { what, payload } of heard.splice(0)) {
        if (what === 'shared') takeShared(payload)
        else if (what === 'wanted') await giveWanted(payload)
        else if (what === 'receipt') takeReceipt(payload)
        else if (what === 'command') deps.commands.take(payload)
      }
      for (let word = deps.commands.firstWord(); word && !over.aborted; word = deps.commands.firstWord()) {
        await connection.publish(word, over)
        deps.commands.wordSent()
      }
      if (isHaveWanted && time.monotonicMs() - saidHaveMs >= HAVE_AT_MOST_EVERY_MS) await sayHave()
      await tellRows()
      note(false)
      await bell.heard(LOOK_EVERY_MS, over)
    }
    over.throwIfAborted()
  } finally {
    try {
      note(true)
    } finally {
      // Also when the disk does not take the mark: one that stays open would be dropped by the broker for the next.
      await connection.close()
    }
  }
}
