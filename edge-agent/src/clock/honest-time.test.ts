import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MachineBootId } from '@vigie/contract/ids'
import { createFakeTime } from '@vigie/tests/fakes/time'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClockMemory } from './clock-memory.ts'
import { createHonestTime, type HonestTime } from './honest-time.ts'

const T = Date.UTC(2027, 0, 15, 8)
const RELEASED = Date.UTC(2026, 10, 1)
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-clock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = () => join(folder, 'clock.json')

/** A machine with its true time, of which its wall clock knows nothing. */
function machine({ wallMs = 0, trueMs = T, boot = 'boot-of-the-machine-1' } = {}) {
  const time = createFakeTime({ nowMs: wallMs })
  const beganMs = trueMs - time.monotonicMs()
  const trueNow = () => beganMs + time.monotonicMs()
  /** Starts an agent: its own monotonic clock begins at zero then. */
  function start(): { honest: HonestTime; receipt: (roundTripMs?: number) => ReturnType<HonestTime['compare']> } {
    const startedMs = time.monotonicMs()
    const monotonicMs = () => time.monotonicMs() - startedMs
    const honest = createHonestTime(
      {
        time: { ...time, monotonicMs },
        machine: { id: boot as MachineBootId, upAtZeroMs: startedMs }, // of the contract's pattern
        memory: createClockMemory(file()),
      },
      { releasedMs: RELEASED },
    )
    /** The cloud wrote it in the middle of its round trip; it comes now. */
    const receipt = (roundTripMs = 400) => {
      const change = honest.compare({
        cloudAtMs: trueNow() - roundTripMs / 2,
        receivedMonoMs: monotonicMs(),
        roundTripMs,
      })
      if (change !== null) honest.remember()
      return change
    }
    return { honest, receipt }
  }
  return { time, trueNow, start }
}

const stamped = (honest: HonestTime) => honest.date(honest.monotonicMs())
const wrongBy = (at: string | null, trueMs: number) => Math.abs(Date.parse(at ?? '') - trueMs)

describe('honest time', () => {
  test('is unknown after a boot in 1970, and no earlier than the software itself', () => {
    const { honest } = machine().start()
    expect(honest.state()).toBe('unknown')
    expect(honest.now()).toBe(RELEASED)
    expect(honest.offsetMs()).toBeNull()
    expect(stamped(honest)).toMatchObject({ clock: 'unknown', machine: { boot: 'boot-of-the-machine-1', mono: 0 } })
  })

  test('is what the first receipt says, and re-dates what was made before it', () => {
    const { time, trueNow, start } = machine()
    const { honest, receipt } = start()
    time.pass(10 * MINUTE)
    const made = { ...stamped(honest), trueMs: trueNow() }
    expect(honest.redate(made)).toBeNull()
    time.pass(3 * HOUR)
    expect(receipt()).toBe('known')
    expect(wrongBy(honest.redate(made), made.trueMs)).toBeLessThan(SECOND)
    expect(stamped(honest)).toMatchObject({ clock: 'synchronised' })
    expect(stamped(honest)).not.toHaveProperty('machine')
    expect(Math.abs(honest.now() - trueNow())).toBeLessThan(SECOND)
    expect(honest.offsetMs()).toBe(-T)
  })

  test.each([
    ['backwards', -DAY],
    ['forwards', 30 * DAY],
    ['to 1970', -T],
  ])('does not mind when the wall clock is set %s', (_way, byMs) => {
    const { time, trueNow, start } = machine({ wallMs: T })
    const { honest, receipt } = start()
    receipt()
    time.setWall(T + byMs)
    time.pass(HOUR)
    expect(honest.state()).toBe('synchronised')
    expect(Math.abs(honest.now() - trueNow())).toBeLessThan(SECOND)
    expect(wrongBy(stamped(honest).at, trueNow())).toBeLessThan(SECOND)
    expect(honest.offsetMs()).toBe(byMs)
    expect(receipt()).toBeNull()
  })

  test('stays as true as its receipts, however the wall clock is set and whenever they come', () => {
    const step = fc.oneof(
      fc.record({ pass: fc.integer({ min: 0, max: DAY }) }),
      fc.record({ wall: fc.integer({ min: 0, max: 2 * T }) }),
      fc.record({ roundTripMs: fc.integer({ min: 0, max: 20_000 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        rmSync(file(), { force: true })
        const { time, trueNow, start } = machine()
        const { honest, receipt } = start()
        let isKnown = false
        for (const one of steps) {
          if ('pass' in one) time.pass(one.pass)
          else if ('wall' in one) time.setWall(one.wall)
          else {
            receipt(one.roundTripMs)
            isKnown = true
          }
          expect(honest.now()).toBeGreaterThanOrEqual(RELEASED)
          if (isKnown) expect(Math.abs(honest.now() - trueNow())).toBeLessThanOrEqual(10_000)
          expect(honest.state() === 'unknown').toBe(!isKnown)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('becomes an estimate a day after the last confirmation, and is confirmed again', () => {
    const { time, start } = machine()
    const { honest, receipt } = start()
    receipt()
    time.pass(DAY)
    expect(honest.state()).toBe('synchronised')
    time.pass(SECOND)
    expect(honest.state()).toBe('estimated')
    receipt()
    expect(honest.state()).toBe('synchronised')
  })

  test('is an estimate by a slow answer, which a quick one makes better, and never the other way', () => {
    const { trueNow, start } = machine()
    const { honest } = start()
    const answered = (roundTripMs: number, cloudAgoMs: number) =>
      honest.compare({ cloudAtMs: trueNow() - cloudAgoMs, receivedMonoMs: honest.monotonicMs(), roundTripMs })
    expect(answered(90_000, 80_000)).toBe('known')
    expect(honest.state()).toBe('estimated')
    expect(honest.now()).toBe(trueNow() - 35_000)
    expect(answered(400, 200)).toBeNull()
    expect([honest.state(), honest.now()]).toEqual(['synchronised', trueNow()])
    expect(answered(90_000, 80_000)).toBeNull()
    expect(honest.now()).toBe(trueNow())
    expect(answered(200_000, 0)).toBeNull()
  })

  test('follows a cloud that was set right, and says so', () => {
    const { trueNow, start } = machine()
    const { honest, receipt } = start()
    const wrong = { cloudAtMs: trueNow() + 365 * DAY, receivedMonoMs: honest.monotonicMs(), roundTripMs: 100 }
    expect(honest.compare(wrong)).toBe('known')
    expect(receipt()).toBe('corrected')
    expect(Math.abs(honest.now() - trueNow())).toBeLessThan(SECOND)
  })
})

describe('honest time through restarts', () => {
  test('goes on in the same boot of the machine as an estimate, and dates what an earlier run made', () => {
    const { time, trueNow, start } = machine()
    const first = start()
    time.pass(20 * MINUTE)
    const made = { ...stamped(first.honest), trueMs: trueNow() }
    time.pass(MINUTE)
    first.receipt()
    const before = first.honest.redate(made)
    time.pass(5 * MINUTE) // the agent is killed and started again
    const second = start()
    expect(second.honest.state()).toBe('estimated')
    expect(Math.abs(second.honest.now() - trueNow())).toBeLessThan(SECOND)
    // The same to the millisecond: what was sent before the kill, and is sent again, stands once in a series.
    expect(second.honest.redate(made)).toBe(before)
    second.receipt()
    expect(second.honest.redate(made)).toBe(before)
    expect(second.honest.state()).toBe('synchronised')
  })

  test('dates what an earlier run made in the same boot when only a later one learns the time', () => {
    const { time, trueNow, start } = machine()
    time.pass(MINUTE)
    const made = { ...stamped(start().honest), trueMs: trueNow() }
    time.pass(2 * HOUR)
    const later = start()
    time.pass(HOUR)
    expect(later.honest.redate(made)).toBeNull()
    later.receipt()
    expect(wrongBy(later.honest.redate(made), made.trueMs)).toBeLessThan(SECOND)
  })

  test('dates what was made in an earlier boot of the machine that came to know its time', () => {
    const one = machine()
    const run = one.start()
    one.time.pass(HOUR)
    const made = { ...stamped(run.honest), trueMs: one.trueNow() }
    run.receipt()
    const two = machine({ trueMs: one.trueNow() + 2 * DAY, boot: 'boot-of-the-machine-2' })
    const next = two.start()
    expect(next.honest.state()).toBe('unknown')
    expect(next.honest.redate(made)).toBeNull()
    next.receipt()
    expect(wrongBy(next.honest.redate(made), made.trueMs)).toBeLessThan(SECOND)
  })

  test('keeps a boot that never knew its time between what was known before and after', () => {
    const one = machine()
    const known = one.start()
    known.receipt()
    known.honest.remember()
    const lastKnownMs = known.honest.now()

    const dark = machine({ trueMs: one.trueNow() + 6 * HOUR, boot: 'boot-of-the-machine-2' })
    const run = dark.start()
    expect(run.honest.now()).toBe(lastKnownMs)
    dark.time.pass(30 * MINUTE)
    const made = { ...stamped(run.honest), trueMs: dark.trueNow() }
    run.honest.remember()

    const three = machine({ trueMs: dark.trueNow() + HOUR, boot: 'boot-of-the-machine-3' })
    const last = three.start()
    const alsoDark = stamped(last.honest)
    expect(Date.parse(alsoDark.at)).toBeGreaterThanOrEqual(Date.parse(made.at))
    last.receipt()
    const at = Date.parse(last.honest.redate(made) ?? '')
    expect(at).toBe(lastKnownMs + 30 * MINUTE)
    // Never told younger than it is.
    expect(at).toBeLessThanOrEqual(made.trueMs)
  })

  test('does not let a wall clock of the far future date anything after the truth', () => {
    const dark = machine({ wallMs: T + 5 * 365 * DAY })
    const made = stamped(dark.start().honest)
    const next = machine({ trueMs: T + HOUR, boot: 'boot-of-the-machine-2' })
    const run = next.start()
    run.receipt()
    expect(Date.parse(run.honest.redate(made) ?? '')).toBeLessThanOrEqual(T + HOUR + SECOND)
  })

  test('believes a wall clock that has a battery before anything has confirmed it, and calls it unknown', () => {
    const { time, start } = machine({ wallMs: T })
    time.pass(MINUTE)
    expect(start().honest.date(0)).toMatchObject({ at: new Date(T + MINUTE).toISOString(), clock: 'unknown' })
  })

  test.each(['', '{"v":1', 'null'])('starts from the date of the software when what it kept is %j', (text) => {
    writeFileSync(file(), text)
    expect(machine().start().honest.now()).toBe(RELEASED)
  })

  test('remembers no more than some boots', () => {
    for (let boot = 100; boot < 130; boot++) {
      machine({ boot: `boot-of-the-machine-${boot}`, trueMs: T + boot * HOUR })
        .start()
        .receipt()
    }
    expect(JSON.parse(readFileSync(file(), 'utf8')).boots).toHaveLength(16)
    expect(readFileSync(file()).byteLength).toBeLessThan(4096)
  })
})
