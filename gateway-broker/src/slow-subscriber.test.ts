import { setTimeout as pause } from 'node:timers/promises'
import type { Party } from '@vigie/tests/conformance/mqtt-party'
import { createSmallFleet, everyUnit, type SmallFleet, saying, topicOf } from '@vigie/tests/conformance/small-fleet'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let fleet: SmallFleet

beforeAll(async () => {
  fleet = await createSmallFleet()
})
beforeEach(() => fleet.restart())
afterAll(() => fleet.remove())

describe('a subscriber that stops reading', () => {
  /** More than the sockets' buffers between two processes can hold; nobody waits for it. */
  const flood = async (unit: Party, topic: string, frames = 200) => {
    for (let count = 0; count < frames; count++) void unit.publish(topic, Buffer.alloc(100_000)).catch(() => undefined)
  }

  test('makes those wait who publish to it, and nobody else', async () => {
    await fleet.restart({ drainTimeoutMs: 600_000 })
    const [frozen, cloud] = [await fleet.asCloud(), await fleet.asCloud('cloud-2')]
    await frozen.subscribe([everyUnit('state'), `${everyUnit('frame')}/+/+`])
    const [one, two] = [await fleet.asUnit('vg-0001'), await fleet.asUnit('vg-0002')]
    await two.subscribe(topicOf('vg-0002', 'receipt'))
    frozen.stopReading()
    await flood(one, topicOf('vg-0001', 'frame/cam1/amont'))
    // In one piece, so that the broker has hundreds of deliveries to the frozen one in hand.
    two.client.stream.cork()
    for (let count = 0; count < 300; count++) void two.publish(topicOf('vg-0002', 'state'), 'x').catch(() => undefined)
    two.client.stream.uncork()
    for (let count = 0; count < 50; count++) await cloud.publish(topicOf('vg-0002', 'receipt'), `${count}`, { qos: 1 })
    await two.hears(saying('49'))
    expect(frozen.client.connected).toBe(true)
  })

  test('does not fill the memory with what is sent to it: its senders are read no further', async () => {
    await fleet.restart({ drainTimeoutMs: 600_000 })
    const frozen = await fleet.asCloud()
    await frozen.subscribe(`${everyUnit('frame')}/+/+`)
    const unit = await fleet.asUnit('vg-0001')
    frozen.stopReading()
    await flood(unit, topicOf('vg-0001', 'frame/cam1/amont'), 600)
    // What the system's own buffers between the two hold is a few megabytes, and no more is taken.
    const taken = () => fleet.broker().counters().bytes
    await expect.poll(taken).toBeGreaterThan(0)
    let before = 0
    while (taken() > before) {
      before = taken()
      await pause(300)
    }
    expect(taken()).toBeLessThan(30_000_000)
    expect(fleet.broker().counters().slowed).toBe(0)
  })

  test('is cut off sooner when another instance hears the same and reads', async () => {
    await fleet.restart({ drainTimeoutMs: 600_000 })
    const [frozen, cloud] = [await fleet.asCloud(), await fleet.asCloud('cloud-2')]
    await frozen.subscribe(`${everyUnit('frame')}/+/+`)
    await cloud.subscribe([`${everyUnit('frame')}/+/+`, everyUnit('state')])
    const unit = await fleet.asUnit('vg-0001')
    frozen.stopReading()
    await flood(unit, topicOf('vg-0001', 'frame/cam1/amont'))
    await unit.publish(topicOf('vg-0001', 'state'), 'last')
    await cloud.hears(saying('last'))
    expect(cloud.heard).toHaveLength(201)
    expect(fleet.refusals()).toEqual(['stalled-beside-another'])
  })

  test('is cut off after a while, and what the others publish arrives', async () => {
    // All parties are in this process: as long as a busy machine may keep one that does read from doing so.
    await fleet.restart({ drainTimeoutMs: 2_000 })
    const [frozen, cloud] = [await fleet.asCloud(), await fleet.asCloud('cloud-2')]
    await frozen.subscribe(`${everyUnit('frame')}/+/+`)
    await cloud.subscribe([`${everyUnit('frame')}/+/+`, everyUnit('state')])
    const unit = await fleet.asUnit('vg-0001')
    frozen.stopReading()
    await flood(unit, topicOf('vg-0001', 'frame/cam1/amont'))
    await unit.publish(topicOf('vg-0001', 'state'), 'last')
    await cloud.hears(saying('last'))
    expect(cloud.heard).toHaveLength(201)
    const cutOff = () => fleet.log.filter(({ cause }) => cause === 'drain timeout')
    await expect.poll(cutOff, { timeout: 10_000 }).toMatchObject([{ client: 'cloud-1' }])
  })
})

test('a unit that reads gets every receipt of a burst', async () => {
  const [unit, cloud] = [await fleet.asUnit('vg-0001'), await fleet.asCloud()]
  await unit.subscribe(topicOf('vg-0001', 'receipt'))
  for (let count = 0; count < 12; count++) void cloud.publish(topicOf('vg-0001', 'receipt'), 'x'.repeat(10_000))
  await cloud.publish(topicOf('vg-0001', 'receipt'), 'last', { qos: 1 })
  await unit.hears(saying('last'))
  expect(unit.heard).toHaveLength(13)
  expect(fleet.broker().counters().dropped).toBe(0)
})
