import { createHandTime } from '@vigie/tests/fakes/hand-time'
import { trialLane } from '@vigie/tests/fixtures/trial-lane'
import { expect, test } from 'vitest'
import { LaneFault } from '../lane-fault.ts'
import type { Signal } from '../lane-life.ts'
import { createSignals } from './signals.ts'

const { wiring } = trialLane().board
const LAMPS = new Map([
  [wiring.green, 'green'],
  [wiring.red, 'red'],
  [wiring.sound, 'sound'],
])

/** What lamps and buzzer do, in order, with the moment in milliseconds: `sound on at 0`. */
async function shown(signals: Signal[], of = wiring, failing = 0): Promise<string[]> {
  const time = createHandTime({ nowMs: 0 })
  const seen: string[] = []
  let left = failing
  const board = {
    async set(coil: number, isOn: boolean) {
      if (left-- > 0) throw new LaneFault('board-silent')
      seen.push(`${LAMPS.get(coil)} ${isOn ? 'on' : 'off'} at ${time.monotonicMs()}`)
    },
  }
  const { show } = createSignals(of, { time, board })
  for (const signal of signals) {
    show(signal)
    await settled()
  }
  for (let step = 0; step < 100; step += 1) {
    time.pass(50)
    await settled()
  }
  return seen
}

/** Lets everything that waits for nothing but its turn have it. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
const toneOf = async (signal: Signal) => (await shown([signal])).filter((one) => one.startsWith('sound'))

test('G23: welcome, refused and alarm are told apart by their tone alone', async () => {
  expect(await toneOf('welcome')).toEqual(['sound on at 0', 'sound off at 200'])
  const tones = await Promise.all((['welcome', 'refused', 'alarm', 'open'] as const).map(toneOf))
  expect(new Set(tones.map(String)).size).toBe(4)
})

test('G23: green says go and red says no, never both', async () => {
  expect(await shown(['refused'])).not.toContainEqual(expect.stringMatching(/^green on/))
  for (const signal of ['welcome', 'open'] as const) {
    expect(await shown([signal])).not.toContainEqual(expect.stringMatching(/^red on/))
  }
})

test('a signal ends the one before, and lamps that are as they should be are not written again', async () => {
  const seen = await shown(['welcome', 'none'])
  expect(seen.filter((one) => one.startsWith('sound'))).toEqual(['sound on at 0', 'sound off at 0'])
  expect(seen.filter((one) => one.startsWith('red'))).toEqual(['red off at 0'])
})

test('a lamp that the board did not take is written again by the next signal', async () => {
  expect(await shown(['none', 'none'], wiring, 1)).toContainEqual('green off at 0')
})

test('what is not wired is not written', async () => {
  const { green: _, red: __, sound: ___, ...bare } = wiring
  expect(await shown(['welcome', 'refused', 'alarm'], bare)).toEqual([])
})
