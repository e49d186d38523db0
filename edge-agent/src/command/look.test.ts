import type { CameraId, ItemId } from '@vigie/contract/ids'
import { createFakeTime } from '@vigie/tests/fakes/time'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { CameraFault } from '../camera/camera-fault.ts'
import type { CameraPort, HeadMove } from '../camera/camera-port.ts'
import { AgentFault } from '../faults.ts'
import { createLook } from './look.ts'

const NOW = Date.parse('2026-11-25T12:00:00.000Z')
const id = '01KAN5Z3W0F7Q8R9S0T1V2W3X4' as ItemId // a ULID
const look = { name: 'look' as const, camera: 'cam1' as CameraId, seconds: 10, perS: 2 as const } // of the contract's pattern

let picture: Buffer
beforeAll(async () => {
  picture = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#777' } })
    .jpeg()
    .toBuffer()
})

function trial({
  fails = [] as (number | 'always')[],
  fault = new CameraFault('camera-timeout') as Error,
  hasHead = true,
  nudge = async (_signal: AbortSignal): Promise<void> => undefined,
  isOpen = (): boolean => true,
} = {}) {
  const time = createFakeTime({ nowMs: NOW })
  const offered: number[] = []
  const asked: (string | null)[] = []
  const nudged: HeadMove[] = []
  let released = 0
  const port: CameraPort = {
    describe: () => Promise.reject(new Error('not asked')),
    async nudge(by, signal) {
      if (!hasHead) throw new CameraFault('camera-refused')
      nudged.push(by)
      await nudge(signal)
    },
    reboot: () => Promise.reject(new Error('not asked')),
    async grabPicture(preset, signal) {
      signal.throwIfAborted()
      asked.push(preset)
      if (fails.includes('always') || fails.includes(asked.length)) throw fault
      return { bytes: picture, answerMs: 0, contentType: 'image/jpeg' }
    },
    close: () => undefined,
  }
  const release = () => {
    released += 1
  }
  const doer = createLook({
    ...{ time, line: { isOpen }, refusal: () => null },
    previews: {
      offer: ({ monoMs }) => void offered.push(monoMs),
      sent: () => ({ sent: offered.length, sentBytes: 100 * offered.length }),
    },
    open: async () => ({ port, release }),
  })
  const stop = new AbortController()
  const run = (over: object = {}) => doer.run({ ...look, ...over }, { id, signal: stop.signal })
  return { time, offered, asked, nudged, run, stop, released: () => released }
}

describe('a look', () => {
  test('gives no more pictures than it was asked for, and ends by itself', async () => {
    const { run, offered, released } = trial()
    expect(await run()).toEqual({ step: 'done', result: { of: 'look', taken: 20, sent: 20, sentBytes: 2000 } })
    expect(offered).toEqual(Array.from({ length: 20 }, (_, index) => index * 500))
    expect(released()).toBe(1)
  })

  test('turns the camera once, not for every picture', async () => {
    const { run, asked } = trial()
    await run({ preset: 'aval', seconds: 2 })
    expect(asked).toEqual(['aval', null, null, null])
  })

  test('nudges the head first when it is asked to, and is refused where there is none', async () => {
    const { run, nudged } = trial()
    const move = { pan: 0.2, tilt: 0, zoom: 0 }
    expect(await run({ move, seconds: 1 })).toMatchObject({ step: 'done' })
    expect(nudged).toEqual([move])
    const headless = trial({ hasHead: false })
    await expect(headless.run({ move })).rejects.toMatchObject({ code: 'camera-refused' })
    expect(headless.released()).toBe(1)
  })

  test('ends well when the next nudge comes while the head still moves', async () => {
    let nudges = 0
    const nudge = (signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        nudges += 1
        if (nudges > 1) resolve()
        else signal.addEventListener('abort', () => reject(signal.reason))
      })
    const { run, released } = trial({ nudge })
    const move = { pan: 0.2, tilt: 0, zoom: 0 }
    const first = run({ move, seconds: 60 })
    await Promise.resolve()
    expect(await run({ move, seconds: 1 })).toMatchObject({ step: 'done' })
    expect(await first).toMatchObject({ step: 'done', result: { taken: 0 } })
    expect(released()).toBe(2)
  })

  test('goes on over a camera that fails now and then, and says so when it never answered', async () => {
    expect(await trial({ fails: [2] }).run()).toMatchObject({ step: 'done' })
    const { run } = trial({ fails: ['always'] })
    expect(await run()).toMatchObject({ step: 'refused', reason: 'camera-timeout', result: { taken: 0 } })
  })

  test('ends at once when another plan holds for its camera, which will never answer at this port again', async () => {
    const { run, asked } = trial({ fails: [3, 4, 5], fault: new AgentFault('plan-replaced') })
    await expect(run()).rejects.toMatchObject({ code: 'plan-replaced' })
    expect(asked).toHaveLength(3)
  })

  test('ends soon when nobody can see it', async () => {
    const { run, time } = trial({ isOpen: () => false })
    await run({ seconds: 600 })
    expect(time.monotonicMs()).toBeLessThan(40_000)
  })

  test('ends when the next one begins, and when it is told to', async () => {
    const { run, offered } = trial()
    const first = run({ seconds: 600 })
    expect(await run({ seconds: 0 })).toEqual({ step: 'done' })
    expect(await first).toMatchObject({ step: 'done' })
    expect(offered.length).toBeLessThan(3)
  })

  test('cut short by the end of the agent, says nothing', async () => {
    const { run, stop } = trial()
    const looking = run({ seconds: 600 })
    stop.abort(new Error('stopped'))
    await expect(looking).rejects.toThrow('stopped')
  })
})
