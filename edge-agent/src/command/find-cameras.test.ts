import { CommandResult, RESULT_MAX_BYTES } from '@vigie/contract/command-result'
import type { CameraId, ItemId } from '@vigie/contract/ids'
import { createFakeTime } from '@vigie/tests/fakes/time'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { CameraFault } from '../camera/camera-fault.ts'
import type { CameraPort } from '../camera/camera-port.ts'
import { findCameras } from './find-cameras.ts'

const id = '01KAN5Z3W0F7Q8R9S0T1V2W3X4' as ItemId // a ULID
const own = 'cam1' as CameraId // of the contract's pattern
const notAsked = () => Promise.reject(new Error('not asked'))
const silent: CameraPort = {
  ...{ describe: notAsked, nudge: notAsked, reboot: notAsked, close: () => undefined },
  grabPicture: () => Promise.reject(new CameraFault('camera-timeout')),
}
const device = (url: string, text = 'Caméra') => ({ url, name: text, model: text, endpoint: url })

async function find(devices: ReturnType<typeof device>[]) {
  const doer = findCameras({
    time: createFakeTime({ nowMs: 0 }),
    discover: async () => devices,
    knownAt: (url) => (url.endsWith('/own') ? { id: own, port: silent } : null),
    openStranger: () => silent,
    previews: { offer: () => undefined },
  })
  const outcome = await doer.run({ name: 'find-cameras' }, { id, signal: new AbortController().signal })
  if (outcome.step !== 'done' || outcome.result?.of !== 'found-cameras') throw new Error(outcome.step)
  expect(Value.Check(CommandResult, outcome.result)).toBe(true)
  expect(Buffer.byteLength(JSON.stringify(outcome.result))).toBeLessThanOrEqual(RESULT_MAX_BYTES)
  return outcome.result.cameras
}

test('lists the cameras of the site first, and says of each why there is no picture', async () => {
  const cameras = await find([device('http://192.0.2.8/new'), device('http://192.0.2.7/own')])
  expect(cameras.map(({ as, known, fault }) => [as, known, fault])).toEqual([
    ['found1', own, 'camera-timeout'],
    ['found2', null, 'camera-timeout'],
  ])
})

test('leaves out a device whose address nobody could look at', async () => {
  const cameras = await find([device(`http://192.0.2.9/${'x'.repeat(200)}`), device('http://192.0.2.8/new')])
  expect(cameras.map(({ url }) => url)).toEqual(['http://192.0.2.8/new'])
})

test('of a crowd of devices with long names lists as many as a result holds', async () => {
  const crowd = Array.from({ length: 40 }, (_, index) => device(`http://192.0.2.${index}/onvif`, '攝'.repeat(120)))
  const cameras = await find([...crowd, device('http://192.0.2.7/own')])
  expect(cameras[0]?.known).toBe(own)
  expect(cameras.length).toBeGreaterThan(10)
})
