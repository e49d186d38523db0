import { readFile } from 'node:fs/promises'
import { TRIAL_MAX_BYTES } from '@vigie/contract/bounds'
import type { Clock } from '@vigie/contract/clock'
import type { ResultOf } from '@vigie/contract/command-result'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import { withinDeadline } from '../camera/deadline.ts'
import { AgentFault } from '../faults.ts'
import type { Traffic } from '../health/traffic.ts'
import type { Line } from '../uplink/line.ts'

export type LinkProbeDeps = {
  site: SiteId
  unit: UnitId
  clock: Pick<Clock, 'monotonicMs'>
  line: Pick<Line, 'publish'>
  traffic: Pick<Traffic, 'wire'>
  /** What Linux says of its radios. */
  wirelessFile?: string
}

const ROUND_TRIPS = 5
/** 128 kB in all: 1 s at 1 Mbit/s, and less than a frame costs a SIM. */
const PIECES = 8
/** A line that takes longer for the first piece is known well enough by it: 64 kbit/s. */
const THIN_MS = 2_000
const WITHIN_MS = 60_000

/**
 * Measures the way to the broker: empty messages one after the other for the round trip, then some pieces at once for what
 * the way up carries. The broker's word ends each; nobody else hears them.
 * @throws AgentFault `broker-unreachable`, `broker-silent`
 */
export async function probeLink(deps: LinkProbeDeps, signal: AbortSignal): Promise<ResultOf<'link'>> {
  const { site, unit, clock, line, traffic, wirelessFile = '/proc/net/wireless' } = deps
  const topic = buildTopic({ site, unit, what: 'trial' })
  const late = () => new AgentFault('broker-silent', `no word within ${WITHIN_MS} ms`)

  return withinDeadline(WITHIN_MS, signal, late, async (inTime) => {
    const send = (bytes: number) => line.publish({ topic, payload: Buffer.alloc(bytes), qos: 1, retain: false }, inTime)
    const timed = async (work: () => Promise<unknown>) => {
      const startedMs = clock.monotonicMs()
      await work()
      return Math.max(0, Math.round((clock.monotonicMs() - startedMs) * 10) / 10)
    }
    const roundTripsMs: number[] = []
    for (let trip = 0; trip < ROUND_TRIPS; trip += 1) roundTripsMs.push(await timed(() => send(0)))
    const firstMs = await timed(() => send(TRIAL_MAX_BYTES))
    const more = firstMs > THIN_MS ? 0 : PIECES - 1
    const moreMs = await timed(() => Promise.all(Array.from({ length: more }, () => send(TRIAL_MAX_BYTES))))
    return {
      of: 'link',
      roundTripsMs,
      sentBytes: (1 + more) * TRIAL_MAX_BYTES,
      tookMs: firstMs + moreMs,
      wire: traffic.wire(),
      signalDbm: await readSignal(wirelessFile),
    }
  })
}

/** The level of the first radio of `/proc/net/wireless` (its fourth column, in dBm); null: there is none. */
async function readSignal(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const [, dBm] = /^\s*\w+:\s+\S+\s+\S+\s+(-\d+)/m.exec(text) ?? []
  const level = Number(dBm)
  return dBm !== undefined && level >= -150 ? level : null
}
