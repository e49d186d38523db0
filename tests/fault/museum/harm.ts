import { setTimeout as pause } from 'node:timers/promises'
import type { Row } from '@vigie/contract/gate/row'
import { MUSEUM, type TrialEntrance } from '../../fixtures/museum/trial-entrance.ts'
import type { Harm } from './judge-museum.ts'
import { LANES, type LaneName } from './visitors.ts'

export type HarmName = LaneName | 'gateway' | 'broker' | 'cloud-api' | 'lan-cut' | 'lan-silent'

/** How the network of the building can be harmed. */
type Lan = { set(up: boolean): void; hold(held: boolean): void }

const PROCESS: Readonly<Record<string, string>> = {
  tripode1: `lanes-${MUSEUM}-1`,
  tripode2: `lanes-${MUSEUM}-2`,
  gateway: `gateway-${MUSEUM}`,
}
/** The most that a harm waits for somebody to be let in at its lane. */
const NEXT_GRANT_WITHIN_MS = 3_000
const [AWAY_MIN_MS, AWAY_MAX_MS] = [1_000, 4_000]

export const isLane = (part: string): part is LaneName => LANES.some((lane) => lane === part)

/** Does one thing after the other to a museum, each at a random moment, and writes down from when until when. */
export function createHarmer(entrance: TrialEntrance, lan: Lan, random: () => number) {
  const harms: Harm[] = []

  /** An agent dies in the middle of a grant more often than not, which it would hardly do by chance. */
  async function untilItHurts(part: HarmName): Promise<void> {
    await pause(300 + random() * 1_200)
    if (!isLane(part) || random() < 0.3) return
    const { news } = entrance.tripods[part]
    const released = () => news.filter(({ event }) => event === 'released').length
    const before = released()
    for (let waited = 0; waited < NEXT_GRANT_WITHIN_MS && released() === before; waited += 10) await pause(10)
    await pause(random() * 900)
  }

  async function disconnect(how: (isGone: boolean) => void): Promise<void> {
    const fromMs = Date.now()
    how(true)
    await pause(AWAY_MIN_MS + random() * (AWAY_MAX_MS - AWAY_MIN_MS))
    how(false)
    harms.push({ part: 'lan', fromMs, untilMs: Date.now() })
  }

  async function untilGatewayAnswers(): Promise<void> {
    while (!(await entrance.atGateway().catch(() => null))) await pause(50)
  }

  return {
    harms,
    async harm(part: HarmName): Promise<void> {
      await untilItHurts(part)
      if (part === 'lan-cut') return disconnect((isGone) => lan.set(!isGone))
      if (part === 'lan-silent') return disconnect(lan.hold)
      const process = entrance.fleet.processes.get(PROCESS[part] ?? part)
      if (process === undefined) throw new Error(`the fleet has no ${part}`)
      const fromMs = Date.now()
      await process.kill('SIGKILL')
      if (part === 'gateway') await untilGatewayAnswers()
      harms.push({ part, fromMs, untilMs: Date.now() })
    },
  }
}

/** A lane is at work again when it writes, in a new life, that it is. */
export function untilBack(harm: Harm, rows: readonly Row[], unitOf: Readonly<Record<string, string>>): Harm {
  if (!isLane(harm.part)) return harm
  const own = rows.filter(({ origin }) => origin === unitOf[harm.part]).sort((one, other) => one.seq - other.seq)
  const last = own.findLast(({ at }) => Date.parse(at) <= harm.fromMs)
  const back = own.find(({ seq, boot, body }) => seq > (last?.seq ?? 0) && boot !== last?.boot && body.kind === 'lane')
  return { ...harm, untilMs: back === undefined ? Date.now() : Date.parse(back.at) }
}
