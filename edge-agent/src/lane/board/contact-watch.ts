import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { LaneWiring } from '@vigie/config-schema/configuration/lane-wiring'
import type { Direction } from '@vigie/contract/gate/outcome'
import type { LaneEvent } from '../lane-life.ts'

/** Tripods close PASS for 100 to 500 ms; what lasts longer is no passage but a contact that hangs. */
const PASS_MAX_MS = 2_000

/** A contact that opens and closes again so soon has bounced: nobody follows so closely through an arm. */
const REBOUND_MS = 150

type Contact = { input: number; isClosedAtRest: boolean }

/** `void`: it does not count, and is waited out. */
type Pulse = { name: 'rest'; sinceMs: number } | { name: 'closed'; sinceMs: number } | { name: 'void' }

/**
 * Makes events of what a board's inputs are, poll by poll. A passage is a pulse with an end; it is none when all contacts
 * of the tripod fall together, which is what loss of power looks like where relays are energised at rest.
 */
export function createContactWatch(
  { direction, board: { wiring } }: Pick<LaneFacts, 'direction' | 'board'>,
  { arePassesCounted }: { arePassesCounted: boolean } = { arePassesCounted: false },
) {
  const [a, b]: Direction[] = direction === 'out' ? ['out', 'in'] : ['in', 'out']
  const { passA, passB } = wiring
  const { pass = 'closed', ready = 'closed', alarm = 'closed', fire = 'closed' } = wiring.atRest ?? {}
  const contact = (input: number, atRest: 'closed' | 'open'): Contact => ({
    input,
    isClosedAtRest: atRest === 'closed',
  })
  const seen = [
    { of: a ?? 'in', contact: contact(passA, pass) },
    ...(passB === undefined ? [] : [{ of: b ?? 'out', contact: contact(passB, pass) }]),
  ]
  // Of an input that counts nobody knows how it is: not whether there is power either.
  const passes = arePassesCounted ? [] : seen
  const others = {
    ready: contact(wiring.ready, ready),
    alarm: contact(wiring.alarm, alarm),
    fire: contact(wiring.fire, fire),
  }
  const energised = arePassesCounted ? [] : energisedOf(wiring, { pass, ready, alarm })
  const pulses = new Map<Direction, Pulse>()
  const told = new Map<string, boolean>()

  const tell = (name: 'ready' | 'alarm' | 'power' | 'fire', is: boolean): LaneEvent[] => {
    if (told.get(name) === is) return []
    told.set(name, is)
    return [{ name, is }]
  }

  /** `closed`: the inputs as they are in one moment. */
  return function look(closed: readonly boolean[], nowMs: number): LaneEvent[] {
    const isMoved = ({ input, isClosedAtRest }: Contact) => (closed[input] ?? false) !== isClosedAtRest
    const isDark = energised.length > 0 && energised.every((input) => closed[input] === false)
    const events: LaneEvent[] = [...tell('fire', isMoved(others.fire)), ...tell('power', !isDark)]
    if (!isDark) events.push(...tell('alarm', isMoved(others.alarm)))
    for (const { of, contact } of passes) {
      const before = pulses.get(of)
      const turn = isDark ? voided(before, of) : turnOf(before, isMoved(contact), of, nowMs)
      pulses.set(of, turn.pulse)
      events.push(...turn.events)
    }
    // After the passages, which come as the arm falls into its rest.
    events.push(...tell('ready', !isMoved(others.ready)))
    return events
  }
}

/**
 * The contacts that fall together when the tripod has no power; none where a person going through looks the same. Without
 * PASS B and an alarm contact at rest closed, an arm that turns has let go of all that is left.
 */
function energisedOf(wiring: LaneWiring, rests: Record<'pass' | 'ready' | 'alarm', 'closed' | 'open'>): number[] {
  const ofPass = rests.pass === 'closed' ? [wiring.passA, ...(wiring.passB === undefined ? [] : [wiring.passB])] : []
  const ofAlarm = rests.alarm === 'closed' ? [wiring.alarm] : []
  const ofReady = rests.ready === 'closed' ? [wiring.ready] : []
  return ofPass.length + ofAlarm.length >= 2 ? [...ofPass, ...ofAlarm, ...ofReady] : []
}

type Turn = { pulse: Pulse; events: LaneEvent[] }

function turnOf(before: Pulse | undefined, isMoved: boolean, direction: Direction, nowMs: number): Turn {
  // Nobody saw it begin.
  if (before === undefined)
    return { pulse: isMoved ? { name: 'void' } : { name: 'rest', sinceMs: -REBOUND_MS }, events: [] }
  if (before.name === 'void') return { pulse: isMoved ? before : { name: 'rest', sinceMs: nowMs }, events: [] }
  if (before.name === 'rest') {
    if (!isMoved) return { pulse: before, events: [] }
    if (nowMs - before.sinceMs < REBOUND_MS) return { pulse: { name: 'void' }, events: [] }
    return { pulse: { name: 'closed', sinceMs: nowMs }, events: [{ name: 'pass-began', direction }] }
  }
  if (!isMoved) return { pulse: { name: 'rest', sinceMs: nowMs }, events: [{ name: 'pass', direction }] }
  return nowMs - before.sinceMs > PASS_MAX_MS ? voided(before, direction) : { pulse: before, events: [] }
}

const voided = (before: Pulse | undefined, direction: Direction): Turn => ({
  pulse: { name: 'void' },
  events: before?.name === 'closed' ? [{ name: 'pass-void', direction }] : [],
})
