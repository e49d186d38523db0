import type { Clock } from '@vigie/contract/clock'
import type { GateAsk } from '@vigie/contract/gate/feed'
import { cloudSubscriptions, parseTopic } from '@vigie/contract/topics'
import type { Logger } from 'pino'
import { Fault } from '../faults.ts'
import type { PictureFiles } from '../frames/picture-files.ts'
import type { UnitAuthorities } from '../presence/unit-certificate.ts'
import { untilItWorks } from '../retry.ts'
import type { SeriesStore } from '../series/series-store.ts'
import type { Store } from '../store/store.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { together } from '../together.ts'
import { type BrokerAddress, createBrokerConnection } from './broker-connection.ts'
import { type Committed, commit, commitTelemetry } from './commit.ts'
import { createTally, type IntakeCondition, type IntakePart } from './condition.ts'
import { createJudge } from './judge.ts'
import type { Message, Sender } from './message.ts'
import { createQueue } from './queue.ts'
import { receiptMessages } from './receipts.ts'
import { createRoom } from './room.ts'
import { isTelemetry, type Judged, type JudgedTelemetry } from './verdict.ts'

export type IntakeDeps = {
  store: Store
  series: SeriesStore
  pictures: PictureFiles
  authorities(): UnitAuthorities
  clock: Clock
  /** False while the cloud's clock is in doubt: then no item is turned away for its time. */
  isTimeCertain(): boolean
  random: () => number
  log: Logger
  /** Told of every preview, which is neither judged nor kept here. */
  onPreview(topic: string, payload: Uint8Array): void
  /** Told of a box of a museum that asks how tickets stand. */
  onGateAsk(unit: Sender, ask: GateAsk): void
  /** Told after each commit that others may want to look at: new frames, states, presence. */
  onChange(): void
}

export type IntakeOptions = {
  broker: BrokerAddress
  /** Messages that may be received and not yet stored: some seconds of a fleet's return after an outage. */
  maxWaitingItems: number
  maxWaitingBytes: number
  /** Messages that are judged and committed together. */
  maxBatchItems: number
  /** How long a message waits for room before it is let go; less than half the keepalive of the connection. */
  roomWithinMs: number
}

export const INTAKE_DEFAULTS = {
  maxWaitingItems: 2_000,
  maxWaitingBytes: 64 * 1024 * 1024,
  maxBatchItems: 64,
  roomWithinMs: 10_000,
} as const satisfies Partial<IntakeOptions>

/** Batches between judging and committing: one is being committed, one is ready, one is being judged. */
const READY_BATCHES = 1
/** Telemetry that waits for a series store that fails. Beyond: let go without a receipt, the units send it again. */
const WAITING_POINTS = 500

export type Intake = {
  /** Takes what units send until the signal aborts; what is being committed then is finished and receipted. */
  run(signal: AbortSignal): Promise<void>
  /** For /health. */
  condition(): IntakeCondition
  /** When this process last subscribed, by the wall clock; null while it is not connected. */
  connectedSince(): number | null
  /** Sends at QoS 0; false: there is no connection. */
  publish(topic: string, payload: string): boolean
}

/**
 * From the broker to the disk: receive → judge → commit → receipt, each its own loop, joined by bounded queues. A receipt
 * is sent only after the commit that it speaks of. When a store fails, nothing is receipted and the loops wait; when all
 * room is taken, the connection is slowed down, and after `roomWithinMs` a message is let go: its unit sends it again.
 */
export function createIntake(deps: IntakeDeps, options: IntakeOptions): Intake {
  const { store, series, pictures, clock, random, log } = deps
  const room = createRoom({ maxItems: options.maxWaitingItems, maxBytes: options.maxWaitingBytes }, clock)
  const received = createQueue<Message>(Number.POSITIVE_INFINITY) // bounded by `room`
  const judged = createQueue<Judged[]>(READY_BATCHES)
  const points = createQueue<JudgedTelemetry>(WAITING_POINTS)
  const { authorities, isTimeCertain, onGateAsk } = deps
  const judge = createJudge({ store, authorities, isTimeCertain, onGateAsk })
  const tally = createTally(clock)

  const connection = createBrokerConnection(options.broker, cloudSubscriptions(), {
    clock,
    random,
    onMessage: receive,
    onConnected: () => log.info({ event: 'broker.connected' }),
    onDisconnected: (fault, retryInMs) =>
      log.warn({ event: 'broker.disconnected', fault: fault.code, detail: fault.message, retryInMs }),
  })
  let stopping: AbortSignal | null = null

  async function receive(topic: string, payload: Uint8Array): Promise<void> {
    if (stopping === null || stopping.aborted) return
    if (topic.endsWith('/preview')) return deps.onPreview(topic, payload)
    if (await room.enter(payload.byteLength, options.roomWithinMs, stopping)) {
      received.offer({ topic, payload, receivedAt: clock.now() })
      return
    }
    tally.count('letGo')
    const parsed = parseTopic(topic)
    // Nobody sends a presence again, but it is retained: the connection ends, and the next one brings it.
    if (parsed.ok && parsed.value.what === 'presence') {
      throw new Fault('store-unavailable', { detail: 'no room for a presence' })
    }
  }

  const leave = (done: readonly Judged[]) => {
    for (const { message } of done) room.leave(message.payload.byteLength)
  }

  /** Retries until it works; says so in the log and in the condition. */
  const persist = <Result>(work: () => Promise<Result>, part: IntakePart, signal: AbortSignal) =>
    untilItWorks(
      work,
      {
        random,
        faultOf: storeFaultOf,
        onFault: (fault) => {
          tally.noteFault(part, fault)
          if (fault === null) log.info({ event: 'intake.works-again', part })
          else log.error({ event: 'intake.fails', part, fault: fault.code, detail: fault.message })
        },
      },
      signal,
    )

  async function judgeLoop(signal: AbortSignal): Promise<void> {
    for (;;) {
      const messages = await received.take(options.maxBatchItems, signal)
      const all = await persist(() => judge.judgeAll(messages), 'judging', signal)
      const later = all.filter(({ verdict }) => verdict.what === 'later')
      const done = all.filter(({ verdict }) => verdict.what === 'nothing')
      const noRoom = all.filter(isTelemetry).filter((one) => !points.offer(one))
      tally.count('keyUnknown', later.length)
      tally.count('letGo', noRoom.length)
      leave([...later, ...done, ...noRoom])
      if (done.length > 0) deps.onChange()
      const batch = all.filter((one) => !later.includes(one) && !done.includes(one) && !isTelemetry(one))
      if (batch.length > 0) await judged.put(batch, signal)
    }
  }

  async function commitLoop(signal: AbortSignal): Promise<void> {
    for (;;) {
      for (const batch of await judged.take(READY_BATCHES, signal)) {
        const verdicts = batch.map(({ verdict }) => verdict)
        answer(await persist(() => commit(verdicts, { store, pictures }, clock.now()), 'storing', signal))
        leave(batch)
        deps.onChange()
      }
    }
  }

  async function telemetryLoop(signal: AbortSignal): Promise<void> {
    for (;;) {
      const batch = await points.take(WAITING_POINTS, signal)
      answer(await persist(() => commitTelemetry(batch, { store, series }, clock.now()), 'series', signal))
      leave(batch)
    }
  }

  function answer({ words, storedFrames, refused, waiting }: Committed) {
    tally.count('frameUnknown', waiting)
    for (const { id, site, camera, preset, receivedAt, capturedAt } of storedFrames) {
      log.debug({ event: 'frame.stored', id, site, camera, preset, afterMs: receivedAt - capturedAt })
    }
    for (const { unit, item, reason, detail, bytes } of refused) {
      log.warn({ event: 'item.refused', unit, id: item, reason, detail, bytes })
    }
    for (const { item } of words) tally.count(item.outcome)
    for (const { topic, payload } of receiptMessages(words, clock.now())) connection.publish(topic, payload)
  }

  return {
    run: async (signal) => {
      // The connection outlives the loops, so that the last commit is still receipted.
      const online = new AbortController()
      const loops = (stop: AbortSignal) => {
        stopping = stop
        return together(stop, [judgeLoop, commitLoop, telemetryLoop]).finally(() => online.abort())
      }
      await together(signal, [loops, () => connection.run(online.signal)])
    },
    condition: () => ({
      connectedSince: connection.connectedSince(),
      brokerCertificateEndsAt: connection.certificateEndsAt(),
      failing: tally.failing(),
      waiting: room.taken(),
      counts: tally.counts(),
    }),
    connectedSince: () => connection.connectedSince(),
    publish: connection.publish,
  }
}
