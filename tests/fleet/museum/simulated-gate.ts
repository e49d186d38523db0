import { createNetworkReader } from '../../fakes/gate/network-reader.ts'
import { createNetworkTripod } from '../../fakes/gate/network-tripod.ts'
import type { GatePlan } from './plan-museums.ts'

/** A decision takes milliseconds; whoever sees no green light for so long, in milliseconds, has been refused. */
const ANSWERED_WITHIN_MS = 2_000
const LOOK_MS = 50

export type Way = 'in' | 'out'
/** What came of a visit to a gate: how many got through. */
export type Attempt = { shown: boolean; passed: number }

export type SimulatedGate = {
  site: string
  lane: string
  lets(way: Way): boolean
  /** Holds a code in front of the reader of a way, and walks so many persons into the arm, each while it lets them. */
  come(way: Way, code: string, persons: number): Promise<Attempt>
  stop(): Promise<void>
}

/** A tripod and its readers on the ports of a plan. One party at a time stands before it: others wait, as in a queue. */
export async function startSimulatedGate(
  { site, lane, board, reader, exitReader }: GatePlan,
  wait: (ms: number) => Promise<unknown>,
): Promise<SimulatedGate> {
  const tripod = await createNetworkTripod(board)
  const readers = {
    in: await createNetworkReader({ port: reader }),
    out: exitReader === null ? null : await createNetworkReader({ port: exitReader }),
  }
  let queue: Promise<unknown> = Promise.resolve()

  async function isLetThrough(way: 'A' | 'B'): Promise<boolean> {
    for (let waited = 0; waited < ANSWERED_WITHIN_MS; waited += LOOK_MS) {
      if (tripod.isFree(way)) return true
      await wait(LOOK_MS)
    }
    return false
  }

  async function come(way: Way, code: string, persons: number): Promise<Attempt> {
    const contact = way === 'in' ? 'A' : 'B'
    if (!readers[way]?.show(code)) return { shown: false, passed: 0 }
    let passed = 0
    while (passed < persons && (await isLetThrough(contact)) && (await tripod.push(contact))) passed += 1
    return { shown: true, passed }
  }

  return {
    ...{ site, lane: lane.id },
    lets: (way) => (way === 'in' ? lane.direction !== 'out' : readers.out !== null),
    come(way, code, persons) {
      const turn = queue.then(() => come(way, code, persons))
      queue = turn.catch(() => undefined)
      return turn
    },
    async stop() {
      await Promise.all([tripod.stop(), readers.in.stop(), readers.out?.stop()])
    },
  }
}
