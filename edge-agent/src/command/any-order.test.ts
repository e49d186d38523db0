import type { ClockState } from '@vigie/contract/clock'
import type { ItemId } from '@vigie/contract/ids'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Remembered } from './command-memory.ts'
import type { Doers, Outcome } from './doer.ts'
import { NO_ORDERS } from './orders.ts'
import { createCommands } from './take-commands.ts'

const NOON = Date.parse('2026-11-25T12:00:00.000Z')
const COMMANDS = 4
const idOf = (index: number) => `01KAN5Z3W0F7Q8R9S0T1V2W3X${index}` as ItemId // a ULID
/** Each lives a minute longer than the one before. */
const expiryOf = (index: number) => NOON + (index + 1) * 60_000
const NAMES = ['frame-now', 'restart-agent', 'probe', 'look'] as const
const BODIES = [
  { name: 'frame-now', camera: 'cam1' },
  { name: 'restart-agent' },
  { name: 'probe', what: 'clock' },
  { name: 'look', camera: 'cam1', seconds: 30, perS: 1 },
]

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), index: fc.nat(COMMANDS - 1) }) },
  fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(90_000) }),
  fc.record({
    kind: fc.constant('clock' as const),
    state: fc.constantFrom<ClockState>('synchronised', 'estimated', 'unknown'),
  }),
  fc.record({ kind: fc.constant('end' as const) }),
  fc.record({ kind: fc.constant('kill' as const) }),
)

/**
 * One command of each manner (waiting for the world, returning after a restart, answering at once, lasting), delivered again
 * and again while time passes, the clock comes and goes, and the agent is killed between any two steps.
 */
test('however often and late commands come, and whenever the agent dies: none is done twice, none too late', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      let nowMs = NOON
      let clock: ClockState = 'synchronised'
      let kept: Remembered = { taken: [], orders: NO_ORDERS }
      const starts = new Map<string, number[]>()
      const said = new Map<ItemId, string[]>()
      let words = 0
      const started = (name: string) => starts.set(name, [...(starts.get(name) ?? []), nowMs])

      function boot() {
        const waiting: ((outcome: Outcome) => void)[] = []
        const lasting = (name: string) => ({
          run: () => {
            started(name)
            return new Promise<Outcome>((resolve) => waiting.push(resolve))
          },
        })
        const at = (name: string, outcome: Outcome) => ({
          run: () => {
            started(name)
            return outcome
          },
        })
        const doers = {
          'frame-now': lasting('frame-now'),
          look: lasting('look'),
          'restart-agent': { ...at('restart-agent', { step: 'returning' }), endsRun: true },
          probe: at('probe', { step: 'done' }),
        } as unknown as Doers // the four that are given
        let isDead = false
        const commands = createCommands({
          clock: { now: () => nowMs, monotonicMs: () => nowMs, state: () => clock },
          memory: {
            read: () => structuredClone(kept),
            write(remembered) {
              if (!isDead) kept = structuredClone(remembered)
            },
          },
          ...{ orders: { kept: () => NO_ORDERS }, doers },
          say(id, { step }, onSent) {
            if (isDead) return
            said.set(id, [...(said.get(id) ?? []), step])
            words += 1
            // Of three words one does not leave the unit.
            if (words % 3 !== 0) onSent()
          },
        })
        const stop = new AbortController()
        const running = commands.run(stop.signal)
        return {
          commands,
          endOne: () => waiting.shift()?.({ step: 'done' }),
          async die() {
            isDead = true
            stop.abort()
            for (const end of waiting) end({ step: 'done' })
            await running
          },
        }
      }

      let agent = boot()
      for (const one of events) {
        if (one.kind === 'pass') nowMs += one.ms
        else if (one.kind === 'clock') clock = one.state
        else if (one.kind === 'end') agent.endOne()
        else if (one.kind === 'kill') {
          await agent.die()
          agent = boot()
        } else {
          const [issuedAt, expiresAt] = [NOON, expiryOf(one.index)].map((ms) => new Date(ms).toISOString())
          const command = { v: 1, id: idOf(one.index), issuedAt, expiresAt, body: BODIES[one.index] }
          agent.commands.take(Buffer.from(JSON.stringify(command)))
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
      await agent.die()
      // Whatever was accepted has an end by the word of the next run, at the latest.
      await boot().die()
      for (const [id, steps] of said) {
        if (steps.includes('accepted'))
          expect(
            steps.some((step) => step !== 'accepted'),
            id,
          ).toBe(true)
      }

      for (const [index, name] of NAMES.entries()) {
        const times = starts.get(name) ?? []
        expect(times.length, name).toBeLessThanOrEqual(1)
        for (const ms of times) expect(ms, name).toBeLessThan(expiryOf(index))
        // Of the ends a command can come to, a unit names one and stays with it.
        const ends = (said.get(idOf(index)) ?? []).filter((step) => step === 'done' || step === 'expired')
        expect(new Set(ends).size, name).toBeLessThanOrEqual(1)
        if (times.length === 1) expect(ends).not.toContain('expired')
      }
    }),
    { numRuns: 150 },
  )
})
