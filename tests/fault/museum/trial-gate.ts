import { setTimeout as pause } from 'node:timers/promises'
import { MUSEUM, type TrialEntrance, untilSo } from '../../fixtures/museum/trial-entrance.ts'
import type { SimulatedGate } from '../../fleet/museum/simulated-gate.ts'
import type { LaneName } from './visitors.ts'

/** Longer than a lane takes a code for one that is still in front of its reader. */
const HELD_MS = 2_500

/** One of the lanes on a line, for the visitors of the fleet; besides, what the gate answered last, as the ledger says it. */
export function openTrialGate(entrance: TrialEntrance, lane: LaneName): SimulatedGate & { answer(): string } {
  const tripod = entrance.tripods[lane]
  const count = (event: 'released' | 'passed') => tripod.news.filter((one) => one.event === event).length
  const shownMs = new Map<string, number>()
  let answer = ''

  /** What the gateway says of it; that of the code before says nothing of this one. */
  async function shown(code: string): Promise<string> {
    // Shown sooner, it is still being held there.
    await pause(Math.max(0, (shownMs.get(code) ?? 0) + HELD_MS - Date.now()))
    shownMs.set(code, Date.now())
    const before = (await entrance.decisionAt(lane))?.at
    entrance.readers[lane].show(code)
    let newest = await entrance.decisionAt(lane)
    await untilSo(async () => {
      newest = await entrance.decisionAt(lane)
      return newest !== undefined && newest.at !== before
    })
    return newest?.outcome ?? ''
  }

  return {
    ...{ site: MUSEUM, lane, answer: () => answer },
    lets: (way) => way === 'in',
    async come(_way, code, persons) {
      const [released, passed] = [count('released'), count('passed')]
      answer = await shown(code)
      for (let person = 1; answer === 'ok' && person <= persons; person += 1) {
        await untilSo(() => count('released') === released + person)
        tripod.tell({ do: 'push', way: 'A', takes: 0.1 })
        await untilSo(() => count('passed') === passed + person)
      }
      // The arm is at rest a moment later.
      await pause(300)
      return { shown: true, passed: count('passed') - passed }
    },
    stop: async () => undefined,
  }
}
