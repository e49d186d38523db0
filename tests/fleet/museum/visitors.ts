import type { SimulatedGate } from './simulated-gate.ts'
import type { SoldTicket, Till } from './till.ts'

/** What visitors of one museum come with: numbers of ticket types. */
export type Customs = { site: string; types: readonly number[]; elsewhere: number; everyMs: number; stayMs: number }

type Deps = {
  gates: readonly SimulatedGate[]
  till: Pick<Till, 'sell' | 'cancel'>
  random: () => number
  wait: (ms: number) => Promise<unknown>
  /** Told what each visitor met, a line at a time. */
  log: (event: string, facts: Record<string, unknown>) => void
}

/** Of a hundred who come in, so many come with something that must not let them in. */
const OF_A_HUNDRED = { again: 5, elsewhere: 4, unknown: 4, cancelled: 3 }
const AT_ONCE_SOLD = 10

/**
 * Visitors of one museum, until the signal: they buy, come to a gate, go through, and leave after a while. Some come with a
 * ticket that was used, is of the other museum, was cancelled, or is none.
 */
export async function visit(customs: Customs, deps: Deps, signal: AbortSignal): Promise<void> {
  const { gates, till, random, wait, log } = deps
  const { site } = customs
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)]
  const bought: SoldTicket[] = []
  const used: SoldTicket[] = []

  async function buy(type: number): Promise<SoldTicket | undefined> {
    const [one, ...more] = await till.sell(site, type, type === customs.types[0] ? AT_ONCE_SOLD : 1)
    bought.push(...more)
    return one
  }

  /** What somebody holds in front of the reader, and why it is wrong; null: it is not. */
  async function comeWith(): Promise<{ ticket: SoldTicket | undefined; wrong: string | null }> {
    const { again, elsewhere, unknown, cancelled } = OF_A_HUNDRED
    const lot = random() * 100
    if (lot < again) return { ticket: pick(used), wrong: 'again' }
    if (lot < again + elsewhere) return { ticket: await buy(customs.elsewhere), wrong: 'elsewhere' }
    const ticket = bought.pop() ?? (await buy(pick(customs.types) ?? 0))
    if (ticket === undefined) return { ticket, wrong: null }
    if (lot < again + elsewhere + unknown) {
      return {
        ticket: { ...ticket, code: `${ticket.code.slice(0, -2)}${random() < 0.5 ? 'A0' : '0A'}` },
        wrong: 'unknown',
      }
    }
    if (lot > again + elsewhere + unknown + cancelled) return { ticket, wrong: null }
    await till.cancel(site, ticket.id)
    return { ticket, wrong: 'cancelled' }
  }

  async function leave(ticket: SoldTicket, persons: number): Promise<void> {
    await wait(customs.stayMs * (0.5 + random()))
    const gate = pick(gates.filter((one) => one.lets('out')))
    if (signal.aborted || gate === undefined) return
    log('visitor.left', { site, lane: gate.lane, ...(await gate.come('out', ticket.code, persons)) })
  }

  while (!signal.aborted) {
    await wait(customs.everyMs * -Math.log(1 - random()))
    if (signal.aborted) return
    const { ticket, wrong } = await comeWith()
    const gate = pick(gates.filter((one) => one.lets('in')))
    if (ticket === undefined || gate === undefined) continue
    const attempt = await gate.come('in', ticket.code, wrong === null ? ticket.persons : 1)
    log('visitor.came', { site, lane: gate.lane, wrong, ...attempt })
    if (attempt.passed === 0) continue
    used.splice(0, Math.max(0, used.length - 100))
    used.push(ticket)
    void leave(ticket, attempt.passed).catch((error: unknown) => log('visitor.stuck', { site, error: String(error) }))
  }
}
