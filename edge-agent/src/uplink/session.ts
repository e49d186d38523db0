import type { ItemClass } from '@vigie/contract/item-class'
import { decodeReceipt, type Receipt } from '@vigie/contract/receipt'
import {
  buildTopic,
  type DesiredDocument,
  type DesiredPart,
  parseTopic,
  unitSubscriptions,
} from '@vigie/contract/topics'
import type { ClockComparison } from '../clock/honest-time.ts'
import { AgentFault } from '../faults.ts'
import type { WireBytes } from '../health/traffic.ts'
import type { WaitingItem } from '../outbox/item-table.ts'
import type { Outbox, SettledItem } from '../outbox/outbox.ts'
import type { Time } from '../time.ts'
import {
  type BrokerAddress,
  type BrokerConnection,
  connectToBroker,
  type OutgoingMessage,
} from './broker-connection.ts'
import type { TlsTickets } from './broker-socket.ts'
import type { Doorbell } from './doorbell.ts'
import { LANES } from './lanes.ts'
import type { Line } from './line.ts'
import type { Presence } from './presence.ts'
import { createWindow } from './window.ts'

export type SessionDeps = {
  outbox: Outbox
  doorbell: Doorbell
  time: Time
  presence: Presence
  /** Whether items of a class may go out now; asked again after every receipt. */
  mayLeave(name: ItemClass): boolean
  /** What goes out for an item, made of what was kept. */
  finish(item: WaitingItem, payload: Uint8Array): Uint8Array
  /** Told of every item that went out, with the bytes of its payload. */
  onSent(item: WaitingItem): void
  /** Told of every receipt; `comparison` is null when it answers nothing that was sent on this connection. */
  onSettled(settled: SettledItem[], comparison: ClockComparison | null): void
  onOpen(session: number, isResumed: boolean): void
  /** Told what the wire carried since it was last told, also of a connection that did not come about. */
  onCarried(carried: WireBytes): void
  /** Told of the connection when it has been subscribed on, and that it is over. */
  line?: Pick<Line, 'opened' | 'closed'>
  /** Aborted when the connection should be made anew: it ends without a word, since the unit is back at once. */
  renewed?: AbortSignal
  /** Who takes commands and tells how far they came; without it they are not listened to. */
  commands?: CommandChannel
  /** Who takes what the cloud signed for gates; without it that is not listened to. */
  lists?: { take(what: 'catalogue' | 'feed', payload: Uint8Array): void }
  /** Who takes desired configurations; without it they are not listened to. */
  desired?: DesiredChannel
}

export type DesiredChannel = {
  /** Told of everything that came on a topic of the unit's desired configuration, not yet decoded. */
  take(part: DesiredPart, payload: Uint8Array): void
  /** The documents that it has not, each once for each time that it wants it. */
  takeWanted(): DesiredDocument[]
}

export type CommandChannel = {
  /** Told of every command that came, not yet decoded. */
  take(payload: Uint8Array): void
  /** The oldest word on a command that was not sent yet; null when there is none. It gets no receipt. */
  firstWord(): OutgoingMessage | null
  /** The first word is on its way. */
  wordSent(): void
}

/** Nothing is due later than this; without anything under way the wait would be endless, and a timer of 25 days overflows. */
const LOOK_EVERY_MS = 60 * 60_000

/**
 * What is published is not answered by the broker, so a line that died is noticed by an item that stays without a receipt.
 * Then the broker is asked for a sign of life, since it may be the cloud that is away. A full buffer of frames before the
 * question takes a slow link most of this. Beyond: `broker-silent`, a minute and a half after the item.
 */
const SIGN_OF_LIFE_WITHIN_MS = 60_000

/** On the way out a broker that does not answer is not waited for longer; its last will then says `lost`. */
const FAREWELL_WITHIN_MS = 2_000

/** A cloud sends few; whoever floods us with receipts has the later ones ignored, and what they were for is sent again. */
const MAX_RECEIPTS_WAITING = 256

/**
 * One connection, from the first packet to its end: birth, subscriptions, then items and receipts for as long as it holds.
 * Returns when the signal is aborted, after a farewell, or when `renewed` is; throws the AgentFault that ended it otherwise.
 */
export async function runSession(
  address: BrokerAddress,
  deps: SessionDeps & { tickets: TlsTickets },
  signal: AbortSignal,
): Promise<void> {
  const { outbox, doorbell, time, presence } = deps
  const session = await outbox.nextSession()
  const arrived: Array<{ receipt: Receipt; monoMs: number }> = []
  let isResumed = false
  /** Since when the broker owes a sign of life; null: it does not. */
  let askedMs: number | null = null
  const connection = await connectToBroker(
    address,
    {
      clientId: presence.unit,
      will: presence.farewell(session, 'lost'),
      ...{ now: time.now, tickets: deps.tickets, onCarried: deps.onCarried },
      onSecure(resumed) {
        isResumed = resumed
      },
      onHeard() {
        askedMs = null
      },
      onMessage(topic, payload) {
        const parsed = parseTopic(topic)
        if (parsed.ok && parsed.value.what === 'command') deps.commands?.take(payload)
        if (parsed.ok && parsed.value.what === 'desired') deps.desired?.take(parsed.value.document, payload)
        if (parsed.ok && (parsed.value.what === 'catalogue' || parsed.value.what === 'feed')) {
          deps.lists?.take(parsed.value.what, payload)
        }
        if (!parsed.ok || parsed.value.what !== 'receipt' || arrived.length >= MAX_RECEIPTS_WAITING) return
        const receipt = decodeReceipt(payload)
        if (!receipt.ok) return
        arrived.push({ receipt: receipt.value, monoMs: time.monotonicMs() })
        doorbell.ring()
      },
    },
    signal,
  )
  const { renewed } = deps
  const over = AbortSignal.any([signal, connection.ended, ...(renewed ? [renewed] : [])])
  const lanes = LANES.map(({ classes, limits }) => ({ classes, window: createWindow(limits) }))

  /**
   * The next item to go out, records before frames. In each lane first what was never sent, so that the newest frame does
   * not wait for older ones to be tried again; those go when the window is full, or nothing new waits.
   */
  function nextToSend(nowMs: number) {
    for (const { classes, window } of lanes) {
      const room = window.room()
      const [fresh] = outbox.takeNextBatch(classes.filter(deps.mayLeave), {
        ...room,
        maxItems: Math.min(room.maxItems, 1),
      })
      const item = fresh ?? window.overdue(nowMs)
      if (item) return { item, window, isOverdue: !fresh }
    }
    return null
  }

  async function takeReceipts(): Promise<void> {
    for (const { receipt, monoMs } of arrived.splice(0)) {
      const trips = lanes.flatMap(({ window }) => receipt.items.flatMap(({ id }) => window.settled(id, monoMs) ?? []))
      for (const { window } of lanes) window.heard(monoMs)
      const settled = await outbox.settle(receipt.items)
      // The shortest: the others waited in the cloud for the rest of their batch.
      const roundTripMs = Math.min(...trips)
      const comparison = { cloudAtMs: Date.parse(receipt.at), receivedMonoMs: monoMs, roundTripMs }
      deps.onSettled(settled, trips.length > 0 ? comparison : null)
    }
  }

  async function sayWords(): Promise<void> {
    for (let word = deps.commands?.firstWord(); word && !over.aborted; word = deps.commands?.firstWord()) {
      await connection.publish(word, over)
      deps.commands?.wordSent()
    }
  }

  /** A retained message comes again with each subscription: to subscribe is to ask. */
  async function askDocuments(): Promise<void> {
    const { site, unit } = presence
    const wanted = deps.desired?.takeWanted() ?? []
    if (wanted.length === 0) return
    const topics = wanted.map((document) => buildTopic({ site, unit, what: 'desired', document }))
    await connection.subscribe(topics, over)
  }

  try {
    await connection.publish(presence.birth(session), over)
    await connection.subscribe(unitSubscriptions(presence), over)
    deps.onOpen(session, isResumed)
    deps.line?.opened(connection)
    while (!over.aborted) {
      await takeReceipts()
      await sayWords()
      await askDocuments()
      const lifeDueMs = askedMs === null ? Infinity : askedMs + SIGN_OF_LIFE_WITHIN_MS
      if (lifeDueMs <= time.monotonicMs()) throw new AgentFault('broker-silent', 'no sign of life')
      const next = nextToSend(time.monotonicMs())
      if (!next) {
        const dueMs = Math.min(lifeDueMs, ...lanes.map(({ window }) => window.nextDueMs()))
        await doorbell.heard(Math.min(dueMs - time.monotonicMs(), LOOK_EVERY_MS), over)
        continue
      }
      const kept = await outbox.read(next.item)
      if (!kept) {
        next.window.forget(next.item.id)
        continue
      }
      if (next.isOverdue && askedMs === null) {
        askedMs = time.monotonicMs()
        connection.ping()
      }
      const payload = deps.finish(next.item, kept)
      await connection.publish({ topic: next.item.topic, payload, qos: 0, retain: false }, over)
      next.window.sent(next.item, time.monotonicMs())
      deps.onSent(next.item)
    }
    over.throwIfAborted()
  } catch (error) {
    if (renewed?.aborted && !signal.aborted && !connection.ended.aborted) return
    if (!signal.aborted) throw error
    await sayFarewell(connection, presence.farewell(session, 'stopped'))
  } finally {
    deps.line?.closed()
    outbox.takeBackAll()
    await connection.close()
  }
}

async function sayFarewell(connection: BrokerConnection, farewell: OutgoingMessage): Promise<void> {
  try {
    await connection.publish(farewell, AbortSignal.timeout(FAREWELL_WITHIN_MS))
  } catch {
    // The broker is gone or slow: it says `lost` for us, which is true enough.
  }
}
