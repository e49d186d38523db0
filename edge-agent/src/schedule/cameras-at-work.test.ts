import type { CameraId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { type FaultCode, faultCodeOf } from '../faults.ts'
import type { PlannedCamera, SitePlan } from '../settings.ts'
import { createAskedFrames } from './asked-frames.ts'
import { createCamerasAtWork } from './cameras-at-work.ts'

const planOf = (...ids: string[]) =>
  ({ place: { latitude: 44, longitude: 6 }, cameras: ids.map((id) => ({ id }) as PlannedCamera) }) as SitePlan // its id is all that is looked at

/** Cameras that only note when they work; a camera takes `endsInMs` turns of the loop to end. */
function trial(first: SitePlan, onEnd: (why: unknown) => void = () => undefined) {
  const events: string[] = []
  const cameras = createCamerasAtWork(first, {
    workOf: (_plan, { id }: PlannedCamera) => ({
      id,
      url: `http://192.0.2.1/${id}`,
      port: () => {
        throw new Error('nobody asks these cameras')
      },
      asked: createAskedFrames([], () => undefined),
      ring: () => void events.push(`ring ${id}`),
      async run(signal) {
        events.push(`start ${id}`)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => setImmediate(resolve)))
        events.push(`end ${id}`)
        onEnd(signal.reason)
      },
    }),
    onPlan: (ids) => void events.push(`plan ${ids.join(' ')}`),
  })
  const stop = new AbortController()
  return { events, cameras, running: cameras.run(stop.signal), stop: () => stop.abort() }
}

test('the old cameras have ended before the new ones start, and whoever replaced them hears of it', async () => {
  const { events, cameras, running, stop } = trial(planOf('cam1', 'cam2'))
  await cameras.replace(planOf('cam3'))
  events.push('replaced')
  cameras.ring()
  stop()
  await running
  expect(events).toEqual([
    ...['plan cam1 cam2', 'start cam1', 'start cam2', 'end cam1', 'end cam2'],
    ...['plan cam3', 'start cam3', 'replaced', 'ring cam3', 'end cam3'],
  ])
})

test('a unit without cameras waits, and works when it gets some', async () => {
  const { events, cameras, running, stop } = trial(planOf())
  await cameras.replace(planOf('cam1'))
  stop()
  await running
  expect(events).toEqual(['plan ', 'plan cam1', 'start cam1', 'end cam1'])
})

test('frames that were asked of the old plan are not forgotten: who asked hears why they do not come', async () => {
  const { cameras, running, stop } = trial(planOf('cam1'))
  const told: (FaultCode | null)[] = []
  cameras.get('cam1' as CameraId)?.ask((fault) => void told.push(fault)) // of the contract's pattern
  await cameras.replace(planOf('cam1'))
  expect(told).toEqual(['plan-replaced'])
  stop()
  await running
})

test('a camera is told why it ends: another plan, which is a fault to whoever waits for it, or the end of the agent', async () => {
  const reasons: unknown[] = []
  const { cameras, running, stop } = trial(planOf('cam1'), (why) => void reasons.push(why))
  await cameras.replace(planOf('cam1'))
  stop()
  await running
  expect(reasons.map((why) => faultCodeOf(why))).toEqual(['plan-replaced', null])
})

test('a plan that comes when all is over holds nobody up', async () => {
  const { cameras, running, stop } = trial(planOf('cam1'))
  const replaced = cameras.replace(planOf('cam2'))
  stop()
  await running
  await replaced
  await cameras.replace(planOf('cam3'))
})
