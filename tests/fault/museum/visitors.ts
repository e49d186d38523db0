import { setTimeout as pause } from 'node:timers/promises'
import { ulid } from 'ulid'
import { MUSEUM, type TrialEntrance, type TrialOrder } from '../../fixtures/museum/trial-entrance.ts'

export const LANES = ['tripode1', 'tripode2'] as const
export type LaneName = (typeof LANES)[number]
type Ticket = TrialOrder['tickets'][number]

/** Somebody who really went through an arm. */
export type Pass = { lane: LaneName; way: 'in' | 'out'; atMs: number }
/** What a phone was told, however often it had to ask. */
export type PhoneAnswer = { nonce: string; ticket: string; outcome: string }

/** No green light for so long: they were refused, or nobody is there. */
const WAITS_MS = 2_500
/** Of a hundred, so many come with a ticket that was shown elsewhere not long ago. */
const AGAIN = 30
/** Of a hundred who see the green light, so many do not go through, and so many turn back in the arm. */
const [STAYS, TURNS_BACK] = [10, 6]
/** Of a hundred who come in at the lane of both ways, for so many somebody leaves. */
const LEAVES = 40

/** Those who come to both lanes and to a phone of the staff, whatever dies meanwhile. */
export function createVisitors(entrance: TrialEntrance, fresh: Ticket[], random: () => number) {
  const shown: Ticket[] = []
  const answers: PhoneAnswer[] = []
  const within = (percent: number) => random() * 100 < percent

  function nextTicket(): Ticket {
    const lately = shown.slice(-6)
    const again = within(AGAIN) ? lately[Math.floor(random() * lately.length)] : undefined
    const ticket = again ?? fresh.pop()
    if (ticket === undefined) throw new Error('not enough tickets were sold')
    shown.push(ticket)
    return ticket
  }

  async function comeToLane(lane: LaneName): Promise<void> {
    const tripod = entrance.tripods[lane]
    const count = (...events: string[]) => tripod.news.filter(({ event }) => events.includes(event)).length
    const until = async (isSo: () => boolean) => {
      for (let waited = 0; waited < WAITS_MS && !isSo(); waited += 20) await pause(20)
      return isSo()
    }
    const released = count('released')
    entrance.readers[lane].show(nextTicket().code)
    if (!(await until(() => count('released') > released)) || within(STAYS)) return
    const [over, takes] = [count('passed', 'blocked', 'turned-back'), 0.1 + random()]
    tripod.tell({ do: within(TURNS_BACK) ? 'turn-back' : 'push', way: 'A', takes })
    await until(() => count('passed', 'blocked', 'turned-back') > over)
    if (lane === 'tripode2' && within(LEAVES)) {
      // One of both ways, without a reader for those who leave: its arm lets them.
      await pause(300)
      tripod.tell({ do: 'force', way: 'B' })
    }
  }

  /** Asked until somebody answers, with one nonce: nobody knows whether the first question was heard. */
  async function askByPhone(): Promise<void> {
    const [ticket, nonce] = [nextTicket(), ulid()]
    const question = { site: MUSEUM, code: ticket.code, direction: 'in', nonce }
    for (let asked = 0; asked < 300; asked += 1) {
      try {
        const { outcome } = await entrance.askGateway<{ outcome: string }>('POST', '/decisions', question)
        answers.push({ nonce, ticket: ticket.id, outcome })
        return
      } catch {
        await pause(100)
      }
    }
    throw new Error('no answer for half a minute')
  }

  async function keep(come: () => Promise<void>, signal: AbortSignal, everyMs: number): Promise<void> {
    while (!signal.aborted) {
      await come()
      await pause(everyMs * (0.5 + random()), undefined, { signal }).catch(() => undefined)
    }
  }

  return {
    shown,
    answers,
    run: (signal: AbortSignal) =>
      Promise.all([...LANES.map((lane) => keep(() => comeToLane(lane), signal, 200)), keep(askByPhone, signal, 500)]),
  }
}

/** Everybody whom a tripod's own process has seen going through. */
export const passesOf = ({ tripods }: Pick<TrialEntrance, 'tripods'>): Pass[] =>
  LANES.flatMap((lane) =>
    tripods[lane].news
      .filter(({ event }) => event === 'passed')
      .map(({ way, toldMs }): Pass => ({ lane, way: way === 'A' ? 'in' : 'out', atMs: toldMs })),
  )
