import { ISSUED_PAGE_MAX_ENTRIES } from '@vigie/contract/bounds'
import { decodeCommandId, type Progress } from '@vigie/contract/command'
import { createFeedAsker } from '@vigie/contract/feed-asker'
import type { BootId, SiteId, UnitId } from '@vigie/contract/ids'
import { decodeReceipt } from '@vigie/contract/receipt'
import { claimedKind } from '@vigie/contract/signed-document'
import type { ListRefusal, ListVerdict } from '@vigie/contract/signed-lists'
import type { State } from '@vigie/contract/state'
import { buildTopic, parseTopic, type UpWhat, unitSubscriptions } from '@vigie/contract/topics'
import type { GatewayClock } from '../gateway-clock.ts'
import { isUnwritten } from '../ledger/ledger-file.ts'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { Lists } from '../lists.ts'
import { type CloudAddress, type CloudConnection, connectToCloud } from './cloud-connection.ts'
import type { LanePlan } from './lane-plan.ts'
import { createPresence } from './presence.ts'
import { createRowSender } from './row-sender.ts'
import type { Stamp } from './stamp.ts'
import { createStateReports } from './state-reports.ts'

export type SessionDeps = {
  site: SiteId
  unit: UnitId
  boot: BootId
  ledger: MuseumLedger
  lists: Lists
  plan: LanePlan
  clock: GatewayClock
  stamp: Stamp
  /** How the lanes are, as a state tells them. */
  lanesNow: () => NonNullable<State['lanes']>
  /** A list or the lanes' names are others now. */
  onNews(): void
  onListRefused(why: ListRefusal, detail: string): void
  /** The cloud will not take a row of this ledger. */
  onRowRefused(reason: string): void
  onConnected(isConnected: boolean): void
  /** Aborted when the connection should be made anew: it ends without a word, since the gateway is back at once. */
  renewed: AbortSignal
  /** Resolves after so long, or at once when rung or over. */
  bell: { heard(ms: number, signal: AbortSignal): Promise<void>; ring(): void }
  /** Somebody wants the feed now. */
  takeWish(): boolean
  /** Resolves after so long or when aborted; it never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Receipts come in batches of a second; what is overdue is looked for as often. */
const LOOK_EVERY_MS = 1_000
/** Nobody who stops a gateway waits longer for a dead line. */
const FAREWELL_WITHIN_MS = 2_000
/** What is sold is said as it is sold; this is for what was lost on the way. */
const ISSUED_EVERY_MS = 30 * 60_000

/**
 * One connection to the cloud, from the first packet to its end: birth, subscriptions, then rows, lists and states for as
 * long as it holds. Returns when the signal is aborted, after a farewell, or when `renewed` is; throws what ended it otherwise.
 */
export async function runSession(address: CloudAddress, deps: SessionDeps, signal: AbortSignal): Promise<void> {
  const { site, unit, ledger, lists, plan, clock, stamp, bell } = deps
  const presence = createPresence(deps, stamp)
  const session = ledger.numbers.next('session')
  const heard: { topic: string; payload: Uint8Array }[] = []
  const connection = await connectToCloud(
    address,
    {
      ...{ clientId: unit, will: presence.farewell(session, 'lost') },
      onMessage(topic, payload) {
        heard.push({ topic, payload })
        bell.ring()
      },
    },
    signal,
  )
  const over = AbortSignal.any([signal, connection.ended, deps.renewed])
  const leave = () => void deps.wait(FAREWELL_WITHIN_MS, connection.ended).then(connection.cut)
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  const say = (what: UpWhat & Exclude<UpWhat, 'frame'>) => (message: object) =>
    connection.publish({
      topic: buildTopic({ site, unit, what }),
      payload: JSON.stringify(message),
      qos: 0,
      retain: false,
    })
  const { monotonicMs } = clock
  const rows = createRowSender({
    ...{ handover: ledger.handover, stamp, say: say('ledger'), monotonicMs },
    onRefused: deps.onRowRefused,
  })
  const asking = { stamp: () => stamp('ask'), say: say('gate-ask'), monotonicMs }
  const feed = createFeedAsker({ mark: lists.mark, ...asking })
  const issued = createFeedAsker(
    { mark: lists.issuedMark, ...asking },
    { log: 'issued', everyMs: ISSUED_EVERY_MS, limit: ISSUED_PAGE_MAX_ENTRIES },
  )
  const states = createStateReports({ lanesNow: deps.lanesNow, plan, stamp, say: say('state'), monotonicMs })

  function tookList(verdict: ListVerdict): void {
    if (verdict.taken && verdict.isNews) deps.onNews()
    if (!verdict.taken && verdict.why !== 'feed-out-of-turn') deps.onListRefused(verdict.why, verdict.detail)
  }

  function takePage(payload: Uint8Array): void {
    const verdict = lists.takePage(payload)
    tookList(verdict)
    // A page out of its turn answers nothing: what was asked for is still to come.
    if (verdict.taken) feed.answered(lists.isBehind())
    else if (lists.isBehind()) feed.want()
  }

  function takeIssued(payload: Uint8Array): void {
    const verdict = lists.takeIssued(payload)
    tookList(verdict)
    if (verdict.taken) issued.answered(lists.isIssuedBehind())
    else if (lists.isIssuedBehind()) issued.want()
  }

  async function take(topic: string, payload: Uint8Array): Promise<void> {
    const parsed = parseTopic(topic)
    if (!parsed.ok) return
    switch (parsed.value.what) {
      case 'receipt':
        return takeReceipt(payload)
      case 'catalogue':
        return unlessDiskFails(() => tookList(lists.takeCatalogue(payload)))
      case 'feed':
        return unlessDiskFails(() => (claimedKind(payload) === 'issued-page' ? takeIssued : takePage)(payload))
      case 'desired':
        if (plan.take(parsed.value.document, payload)) deps.onNews()
        return
      case 'command':
        return refuseCommand(payload)
    }
  }

  function takeReceipt(payload: Uint8Array): void {
    const receipt = decodeReceipt(payload)
    if (!receipt.ok) return
    const { items, at } = receipt.value
    const trips = [rows.receipted(items), states.receipted(items)].filter((trip) => trip !== null)
    if (trips.length > 0) clock.compare(Date.parse(at), Math.min(...trips))
  }

  /** What can be asked of a box with cameras or lanes is not for a gateway; whoever asked hears so at once. */
  async function refuseCommand(payload: Uint8Array): Promise<void> {
    const command = decodeCommandId(payload)
    if (!command.ok) return
    const progress: Progress = {
      ...{ ...stamp('progress'), kind: 'progress', command: command.value.id, step: 'refused' },
      reason: 'not-for-a-gateway',
    }
    await say('progress')(progress)
  }

  try {
    await connection.publish(presence.birth(session, ownIn(address.tls?.certificate ?? 'none')))
    const lanes = buildTopic({ site, unit, what: 'desired', document: 'lane' })
    await connection.subscribe([...unitSubscriptions({ site, unit }), lanes])
    deps.onConnected(true)
    while (!over.aborted) {
      for (const { topic, payload } of heard.splice(0)) await take(topic, payload)
      if (deps.takeWish()) feed.want()
      await feed.look()
      await issued.look()
      await rows.send()
      await states.look()
      await bell.heard(LOOK_EVERY_MS, over)
    }
    if (connection.ended.aborted && !signal.aborted) throw connection.ended.reason
    if (!signal.aborted) return
    await sayFarewell(connection, presence.farewell(session, 'stopped'))
  } finally {
    deps.onConnected(false)
    await connection.close()
    signal.removeEventListener('abort', leave)
  }
}

/** The gateway's own certificate of a PEM text: the cloud knows what leads from it to a root. */
const ownIn = (pem: string) => /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(pem)?.[0] ?? pem

/** A list that the disk does not take comes again: a page is asked for, and the catalogue is retained. */
function unlessDiskFails(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!isUnwritten(error)) throw error
  }
}

/** The broker says `lost` for us when it does not hear this in time, which is true enough. */
async function sayFarewell(connection: CloudConnection, farewell: Parameters<CloudConnection['publish']>[0]) {
  await connection.publish(farewell).catch(() => undefined)
}
