import { setTimeout } from 'node:timers/promises'
import { createTestAuthority, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { connectSmallCloud } from '@vigie/tests/fakes/cloud/small-cloud'
import {
  type Authority,
  credentialsOf,
  openTrialUnit,
  placesOf,
  startLine,
  startTrialBroker,
} from '@vigie/tests/fixtures/trial-uplink'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultCodeOf } from '../faults.ts'

const places = placesOf(41)
const [place] = places
if (!place) throw new Error('no place')
let authority: Authority
let broker: Awaited<ReturnType<typeof startTrialBroker>>
beforeAll(async () => {
  authority = await createTestAuthority(places)
  broker = await startTrialBroker(authority)
})
afterAll(async () => {
  await broker.stop()
  authority.remove()
})

const joinCloud = () => connectSmallCloud(broker.port, { ...tlsOf(authority, authority.cloud), now: Date.now })
const address = (unit: string, port = broker.port) => ({
  url: `mqtts://127.0.0.1:${port}`,
  tls: credentialsOf(authority, unit),
})

test('a state waits on a slow line for no more than the frames that are under way', async () => {
  const cloud = await joinCloud()
  const line = await startLine(broker.port, { bytesPerS: 400_000 })
  const unit = await openTrialUnit(place)
  for (let frame = 0; frame < 30; frame++) await unit.keepFrame()
  unit.start(address(place.unit, line.port))
  await cloud.hears(({ what }) => what === 'frame')
  await unit.keepState()
  const before = cloud.deliveries.length
  await cloud.hears(({ what }) => what === 'state')
  const passed = cloud.deliveries.slice(before).findIndex(({ what }) => what === 'state')
  // Four frames may be under way without a receipt, and one of them is being written.
  expect(passed).toBeLessThanOrEqual(5)
  line.close()
  await unit.end()
  await cloud.leave()
})

test('a line that died without a word is noticed by an item without a receipt; a cloud that is away is no dead line', async () => {
  const cloud = await joinCloud()
  cloud.answer = () => null
  const line = await startLine(broker.port)
  const lost: (string | null)[] = []
  // Half a minute of patience is a second and a half: broker and unit share this process with all that it does besides.
  const unit = await openTrialUnit(place, { pace: 20, onLost: (error) => lost.push(faultCodeOf(error)) })
  const state = await unit.keepState()
  unit.start(address(place.unit, line.port))
  const times = () => cloud.deliveries.filter(({ what, value }) => what === 'state' && value.id === state).length
  // Sent again and again: the broker has been asked, and has answered.
  while (times() < 3) await setTimeout(5)
  expect(lost).toEqual([])
  line.isDead = true
  await unit.keepState()
  while (lost.length === 0) await setTimeout(5)
  expect(lost[0]).toBe('broker-silent')
  line.close()
  await unit.end()
  await cloud.leave()
})

test('41 units that return in the same moment are all let in, and every item of theirs is settled once', async () => {
  const cloud = await joinCloud()
  const units = await Promise.all(places.map((one) => openTrialUnit(one)))
  for (const unit of units) {
    for (let count = 0; count < 3; count++) await unit.keepState()
    for (let count = 0; count < 2; count++) await unit.keepFrame(20_000)
  }
  units.forEach((unit, index) => {
    const one = places[index]
    if (one) unit.start(address(one.unit))
  })
  while (units.some((unit) => unit.waiting() > 0)) await setTimeout(10)
  for (const { settled } of units) {
    expect(settled).toHaveLength(5)
    expect(new Set(settled).size).toBe(5)
  }
  await Promise.all(units.map((unit) => unit.end()))
  await cloud.leave()
}, 300_000)
