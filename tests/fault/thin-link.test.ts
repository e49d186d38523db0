import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openThinLink, whyNoThinLink } from '../fixtures/thin-link.ts'
import { type Coordinator, coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'

/** 1 Mbit/s; each way 200 ms and one packet in ten gone: TCP itself gets some 15 kB/s through this. */
const LINK = { bytesPerS: 125_000, delayMs: 200, lossPercent: 10 }
const ROUNDS = process.env['VIGIE_SOAK'] === '1' ? 20 : 1
const CUT_MS = 15_000
/** A state changes when the camera goes and when it comes back. */
const CHANGES = 4
const CHANGE_WITHIN_MS = 12_000

test('brings frames and states over a thin and lossy link, and after a cut a state at once, frames one by one', async ({
  skip,
}) => {
  const why = whyNoThinLink()
  skip(why !== null, why ?? '')
  const link = await openThinLink(LINK)
  const coordinator = await coordinate('thin-link', {
    ...{ sites: ['allos'], pace: 15, brokerHost: link.centreHost },
    wrap: (program) => {
      // Units are enrolled before the link is thin; broker and cloud go on without word from the authority.
      if (program.name === 'authority') return program
      if (program.name === 'cloud-api') return { ...program, within: link.centre }
      if (program.name !== 'broker') return { ...program, within: link.site }
      return { ...program, within: link.centre, env: { ...program.env, LISTEN_HOST: '0.0.0.0' } }
    },
  }).catch(async (error) => {
    await link.close()
    throw error
  })
  try {
    await coordinator.moreFrames(2)
    for (let round = 0; round < ROUNDS; round++) {
      link.cut()
      coordinator.timeline.note('link', 'cut')
      await pause(CUT_MS)
      link.restore()
      coordinator.timeline.note('link', 'restored')
      for (let change = 0; change < CHANGES; change++) await changeState(coordinator, change % 2 === 0)
    }
    const ways = stateTimes(coordinator)
    const verdict = await coordinator.verdict(
      `1 Mbit/s, 200 ms and 10 % loss each way, cut ${ROUNDS} times for ${CUT_MS / 1000} s, ` +
        `${ways.length} states to receipt in p50 ${quantile(ways, 0.5)} s, worst ${quantile(ways, 1)} s`,
    )
    expectNothingLost(verdict)
    expect(verdict.stored).toBeGreaterThan(2 + ROUNDS)
    expect(ways.length).toBeGreaterThan(ROUNDS)
  } finally {
    await coordinator.end()
    await link.close()
  }
})

/** Takes the cameras away or gives them back, and waits until the unit says so. */
async function changeState(coordinator: Coordinator, away: boolean): Promise<void> {
  const states = () => [...coordinator.words().made.values()].filter((item) => item.class === 'state').length
  const before = states()
  const cameras = coordinator.process('cameras')
  if (away) await cameras.down()
  else cameras.up()
  coordinator.timeline.note('cameras', away ? 'away' : 'back')
  const deadline = performance.now() + CHANGE_WITHIN_MS
  while (states() === before && performance.now() < deadline) await pause(200)
}

/** From the moment a unit kept a state to the cloud's receipt for it, in seconds. */
function stateTimes(coordinator: Coordinator): number[] {
  const { made, settled } = coordinator.words()
  return [...made.values()].flatMap((item) => {
    const word = settled.get(item.id)
    return item.class === 'state' && word ? [(word.atMs - item.atMs) / 1000] : []
  })
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((one, other) => one - other)
  return (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1)
}
