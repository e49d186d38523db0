import type { Outcome } from '@vigie/contract/gate/outcome'
import type { SimulatedGate } from './simulated-gate.ts'
import type { SoldTicket, Till } from './till.ts'

/** What visitors of one museum come with: numbers of ticket types. */
export type Customs = { site: string; types: readonly number[]; elsewhere: number; everyMs: number; stayMs: number }

type Deps = {
  /** Of a hundred; default: few, as on a fine day. */
  wrongs?: Readonly<Record<Wrong, number>>
  gates: readonly SimulatedGate[]
  till: Pick<Till, 'sell' | 'cancel'>
  random: () => number
  wait: (ms: number) => Promise<unknown>
  /** Told what each visitor met, a line at a time. */
  log: (event: string, facts: Record<string, unknown>) => void
}

/** What somebody may come with that must not let them in, and what they are told then. */
export const WRONGS = {
  again: 'already_redeemed',
  elsewhere: 'product',
  unknown: 'invalid',
  cancelled: 'canceled',
  'other-day': 'invalid_time',
} as const satisfies Record<string, Outcome>
export type Wrong = keyof typeof WRONGS

/** Of a hundred who come in, so many come with it. */
const OF_A_HUNDRED: Readonly<Record<Wrong, number>> = {
  again: 5,
  elsewhere: 4,
  unknown: 4,
  cancelled: 3,
  'other-day': 2,
}
const AT_ONCE_SOLD = 10
/** The cloud sees what was cancelled beside it every two seconds, and tells the gates. */
const TOLD_MS = 4_000
const OTHER_DAY = 2

/**
 * Visitors of one museum, until the signal: they buy, come to a gate, go through, and leave after a while. Some come with a
 * ticket on which somebody is inside, of the other museum, of another day, that was cancelled, or with none.
 */
export async function visit(customs: Customs, deps: Deps, signal: AbortSignal): Promise<void> {
  const { gates, till, random, wait, log, wrongs = OF_A_HUNDRED } = deps
  const { site } = customs
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)]
  const bought: SoldTicket[] = []
  /** Nobody else comes in on these: all of their persons are inside. Who went out may come in again. */
  const inside: SoldTicket[] = []

  async function buy(type: number): Promise<SoldTicket | undefined> {
    const [one, ...more] = await till.sell(site, type, type === customs.types[0] ? AT_ONCE_SOLD : 1)
    bought.push(...more)
    return one
  }

  function drawWrong(): Wrong | null {
    let lot = random() * 100
    for (const [wrong, share] of Object.entries(wrongs) as [Wrong, number][]) {
      if (lot < share) return wrong
      lot -= share
    }
    return null
  }

  /** What somebody holds in front of the reader who comes with this; undefined: there is no such ticket now. */
  async function comeWith(wrong: Wrong | null): Promise<SoldTicket | undefined> {
    if (wrong === 'again') return pick(inside)
    if (wrong === 'elsewhere') return buy(customs.elsewhere)
    if (wrong === 'other-day') return (await till.sell(site, pick(customs.types) ?? 0, 1, OTHER_DAY))[0]
    const ticket = bought.pop() ?? (await buy(pick(customs.types) ?? 0))
    if (ticket === undefined || wrong === null) return ticket
    if (wrong === 'unknown') return { ...ticket, code: otherwise(ticket.code) }
    await till.cancel(site, ticket.id)
    await wait(TOLD_MS)
    return ticket
  }

  async function leave(ticket: SoldTicket, persons: number): Promise<void> {
    await wait(customs.stayMs * (0.5 + random()))
    const gate = pick(gates.filter((one) => one.lets('out')))
    if (signal.aborted || gate === undefined) return
    const place = inside.indexOf(ticket)
    if (place >= 0) inside.splice(place, 1)
    log('visitor.left', { site, lane: gate.lane, ...(await gate.come('out', ticket.code, persons)) })
  }

  while (!signal.aborted) {
    await wait(customs.everyMs * -Math.log(1 - random()))
    if (signal.aborted) return
    const wrong = drawWrong()
    const ticket = await comeWith(wrong)
    const gate = pick(gates.filter((one) => one.lets('in')))
    if (ticket === undefined || gate === undefined) continue
    const attempt = await gate.come('in', ticket.code, wrong === null ? ticket.persons : 1)
    log('visitor.came', { site, lane: gate.lane, wrong, ...attempt })
    if (attempt.passed === 0 || wrong !== null) continue
    inside.splice(0, Math.max(0, inside.length - 100))
    if (attempt.passed === ticket.persons && ticket.entries === 1) inside.push(ticket)
    void leave(ticket, attempt.passed).catch((error: unknown) => log('visitor.stuck', { site, error: String(error) }))
  }
}

/** The same length, and signed by nobody. */
const otherwise = (code: string) => `${code.slice(0, -2)}${code.endsWith('A0') ? '0A' : 'A0'}`
