import { createSmallFleet, everyUnit, type SmallFleet, saying, topicOf } from '@vigie/tests/conformance/small-fleet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let fleet: SmallFleet

beforeAll(async () => {
  fleet = await createSmallFleet()
})
afterAll(() => fleet.remove())

describe('a unit that sends faster than it may', () => {
  const unlimited = { burst: 1e9, perS: 1e9 }

  test.each([
    // Beyond the burst there are two seconds' worth of it: a busy machine too sends it in less.
    ['bytes', { unitBytes: { burst: 200_000, perS: 200_000 }, unitPackets: unlimited }, 6, 100_000],
    ['messages', { unitBytes: unlimited, unitPackets: { burst: 50, perS: 50 } }, 150, 1_000],
  ])(
    'in %s is read more slowly: all of it arrives, and the others are as quick as before',
    async (_, limits, count, size) => {
      await fleet.restart(limits)
      const cloud = await fleet.asCloud()
      await cloud.subscribe([everyUnit('state'), everyUnit('telemetry')])
      const [fast, other] = [await fleet.asUnit('vg-0001'), await fleet.asUnit('vg-0002')]
      const startedAt = performance.now()
      for (let number = 0; number < count; number++) {
        void fast.publish(topicOf('vg-0001', 'telemetry'), `${number}`.padEnd(size)).catch(() => undefined)
      }
      await expect.poll(() => fleet.broker().counters().slowed).toBeGreaterThan(0)
      await other.publish(topicOf('vg-0002', 'state'), 'in between')
      await cloud.hears(() => cloud.heard.length === count + 1)
      expect(cloud.heard.findIndex(saying('in between'))).toBeLessThan(count)
      // Two seconds' worth, less what the broker read in its last piece, 64 KiB at most: that goes through whole.
      expect(performance.now() - startedAt).toBeGreaterThan(600)
      const said = cloud.heard.filter(({ topic }) => topic.endsWith('telemetry'))
      expect(said.map(({ payload }) => Number(payload))).toEqual(Array.from({ length: count }, (_, number) => number))
      expect(fast.client.connected).toBe(true)
      expect(fleet.refusals()).toEqual([])
      expect(fleet.log.filter(({ event, msg }) => (event ?? msg) === 'client.slowed')).toHaveLength(1)
    },
  )
})
