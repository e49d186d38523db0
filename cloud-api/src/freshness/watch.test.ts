import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, openTrialCloud, type TrialCloud } from '../http/trial-cloud.fixture.ts'
import { readSitesNow } from '../live/sites-now.ts'
import { createSnapshots } from '../live/snapshot.ts'
import { createFreshnessWatch } from './watch.ts'

describe('the watch over freshness', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  /** One more instance on the same store, whose clock is ahead by so much. */
  function createInstance(aheadMs = 0) {
    const clock = { now: () => cloud.clock.now() + aheadMs, monotonicMs: () => cloud.clock.now() }
    const snapshots = createSnapshots({ readSites: () => readSitesNow(cloud.store), clock })
    const rung = { times: 0 }
    const ring = () => {
      rung.times += 1
    }
    const watch = createFreshnessWatch({ snapshots, events: cloud.store.liveEvents, ring, clock, log: cloud.log })
    return { look: async () => (await watch.look()).map(({ preset, freshness }) => `${preset} ${freshness}`), rung }
  }
  const events = async () =>
    (await cloud.store.liveEvents.after(0, 100)).filter(({ cause }) => cause === 'freshness').length

  it('tells each change once, at its time, and nothing between', async () => {
    await cloud.storeFrame()
    await cloud.storeFrame({ preset: 'aval' })
    const { look, rung } = createInstance()
    expect(await look()).toEqual(['amont fresh', 'aval fresh'])
    cloud.pass(1.5 * MINUTE_MS - 1)
    expect(await look()).toEqual([])
    cloud.pass(1_001)
    expect(await look()).toEqual(['amont late', 'aval late'])
    expect(await look()).toEqual([])
    cloud.pass(2 * MINUTE_MS)
    // Nothing came of the unit for three intervals, and it never said that it is there.
    expect(await look()).toEqual(['amont offline', 'aval offline'])
    expect(await events()).toBe(3)
    expect(rung.times).toBe(3)
  })

  it('makes one event of a change that two instances notice', async () => {
    await cloud.storeFrame()
    const [one, two] = [createInstance(), createInstance()]
    await Promise.all([one.look(), two.look()])
    cloud.pass(2 * MINUTE_MS)
    const told = await Promise.all([one.look(), two.look()])
    expect(told.flat()).toEqual(['amont late'])
    expect(await events()).toBe(2)
  })

  it('does not let two clocks that differ by seconds contradict each other', async () => {
    await cloud.storeFrame()
    const [ahead, behind] = [createInstance(3_000), createInstance()]
    await ahead.look()
    await behind.look()
    cloud.pass(1.5 * MINUTE_MS - 2_000)
    for (let second = 0; second < 6; second += 1) {
      await ahead.look()
      await behind.look()
      cloud.pass(1_001)
    }
    expect(await events()).toBe(2)
  })

  it('after a restart tells only what has changed while nobody watched', async () => {
    await cloud.storeFrame()
    await createInstance().look()
    expect(await createInstance().look()).toEqual([])
    cloud.pass(2 * MINUTE_MS)
    expect(await createInstance().look()).toEqual(['amont late'])
  })
})
