import type { Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import type { LiveEventStore } from '../store/live-events.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { createBell } from './bell.ts'
import { greeting, HEARTBEAT, resetEvent } from './event-text.ts'
import { createListener, type Listener } from './listener.ts'
import { createMessage, type Message } from './message.ts'
import { type Change, createPositions } from './positions.ts'
import type { Snapshot, Snapshots } from './snapshot.ts'

export type LiveDeps = {
  events: Pick<LiveEventStore, 'after' | 'oldestSeq'>
  snapshots: Snapshots
  clock: Clock
  random: () => number
  log: Logger
}

export type LiveOptions = {
  /** How often the log is read when nobody rings: events that another instance wrote are told this late at most. */
  pollMs: number
  /** After telling, events gather for as long: a flood of old frames does not become a flood of readings. */
  gatherMs: number
  /** A comment is sent this often; proxies cut what is silent for 30 s or 60 s. */
  heartbeatMs: number
  /** A client that takes less than its stream's buffer (16 KiB) in this time is cut; it resumes from where it was. */
  stuckMs: number
  /** Each client costs a socket and some 20 KiB. Beyond: 503, and the page asks for the list instead. */
  maxListeners: number
}

export const LIVE_DEFAULTS: LiveOptions = {
  pollMs: 1_000,
  gatherMs: 50,
  heartbeatMs: 20_000,
  stuckMs: 30_000,
  maxListeners: 2_000,
}

/** Clients that were cut together come back spread over some seconds. */
const RETRY_MS = { least: 2_000, spread: 4_000 }

/** Each fails only when the log was read on during it; after so many the client is asked to come back. */
const SNAPSHOT_ATTEMPTS = 5

/** Why a client is not taken. */
export type Refusal = 'too-many-listeners' | 'not-ready' | 'gone'

export type Live = {
  /** Follows the log and tells every listener, until the signal aborts; then hangs up. */
  run(signal: AbortSignal): Promise<void>
  /** There is news in the log: said by whoever wrote it in this process. Without it, it is told within `pollMs`. */
  ring(): void
  /**
   * Takes a client until `gone` aborts.
   * @param lastEventId what it has; null: it wants what comes from now on
   * @param open gives the stream to write to; called once the client is taken, and in no other case
   */
  listen(lastEventId: number | null, gone: AbortSignal, open: () => Writable): Promise<Refusal | null>
  listenerCount(): number
  /** Ends all streams and takes no new one: their clients come back to whoever answers then. */
  hangUp(): void
}

/** The live side of one process: one reader of the log, any number of listeners. */
export function createLive({ events, snapshots, clock, random, log }: LiveDeps, options: LiveOptions): Live {
  const positions = createPositions(events)
  const bell = createBell()
  const listeners = new Set<Listener>()
  /** Every listener has been told up to here; null before the first reading of the log. */
  let toldTo: number | null = null
  let beatAt = clock.monotonicMs()
  let hasHungUp = false

  async function tell() {
    await positions.follow()
    const to = positions.upTo() ?? 0
    toldTo ??= to
    if (to === toldTo) return
    // Taken before the snapshot is read, which then holds all of it: an event must not promise more than it brings.
    const changes = positions.since(toldTo)
    snapshots.outdate()
    const snapshot = await snapshots.current()
    const messages = changes === null ? null : messagesOf(changes, snapshot)
    for (const listener of listeners) {
      // The log was trimmed past what was told, after a long fault: they come back, and are told to begin anew.
      if (messages === null) listener.end()
      else for (const message of messages) listener.offer(message)
    }
    toldTo = to
  }

  /** A webcam that left the fleet is not told of. */
  function messagesOf(changes: readonly Change[], { webcams }: Snapshot): Message[] {
    return changes.flatMap(([webcam, position]) => {
      const now = webcams.get(webcam)
      return now === undefined ? [] : [createMessage(webcam, position, now.json)]
    })
  }

  /** Whether all that is known of the log is in a snapshot. One that was begun before the last reading misses some. */
  const isWhole = ({ seq }: Snapshot) => seq >= (positions.upTo() ?? 0)

  function tend() {
    const isBeat = clock.monotonicMs() - beatAt >= options.heartbeatMs
    if (isBeat) beatAt = clock.monotonicMs()
    for (const listener of listeners) {
      if (listener.stuckForMs() > options.stuckMs) listener.cut()
      else if (isBeat) listener.say(HEARTBEAT)
    }
  }

  return {
    run: async (signal) => {
      while (!signal.aborted) {
        try {
          const before = toldTo
          await tell()
          if (toldTo !== before) await pause(options.gatherMs, undefined, { signal }).catch(() => undefined)
        } catch (error) {
          const fault = storeFaultOf(error)
          if (fault === undefined) throw error
          log.warn({ event: 'live.log-unread', fault: fault.code, detail: fault.message })
        }
        tend()
        await bell.wait(options.pollMs, signal)
      }
      hangUp()
    },

    ring: () => bell.ring(),

    listen: async (lastEventId, gone, open) => {
      // The list may have been read from the store a moment before this process saw the same event in the log.
      if (toldTo === null || (lastEventId ?? 0) > toldTo) await positions.follow()
      let snapshot = await snapshots.current()
      for (let attempt = 1; attempt < SNAPSHOT_ATTEMPTS && !isWhole(snapshot); attempt += 1) {
        snapshots.outdate()
        snapshot = await snapshots.current()
      }
      // From here to the end nothing waits, so no event can fall between what is sent now and what is told later.
      toldTo ??= positions.upTo()
      if (gone.aborted) return 'gone'
      if (!isWhole(snapshot) || toldTo === null || hasHungUp) return 'not-ready'
      if (listeners.size >= options.maxListeners) return 'too-many-listeners'
      const missed = lastEventId === null ? [] : positions.since(lastEventId)
      const from = missed === null || lastEventId === null ? toldTo : lastEventId
      const listener = createListener(open(), from, clock.monotonicMs)
      listener.say(greeting(from, retryMs()))
      if (missed === null) listener.say(resetEvent(toldTo))
      else for (const message of messagesOf(missed, snapshot)) listener.offer(message)
      listeners.add(listener)
      gone.addEventListener('abort', () => listeners.delete(listener), { once: true })
      return null
    },

    listenerCount: () => listeners.size,
    hangUp,
  }

  function hangUp() {
    hasHungUp = true
    for (const listener of listeners) listener.end()
  }

  function retryMs() {
    return Math.round(RETRY_MS.least + random() * RETRY_MS.spread)
  }
}
