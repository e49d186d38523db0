import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { certificatesOf } from '../fleet/fleet-authority.ts'
import { placesOf } from '../fleet/places.ts'
import { coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'
import { openUnrulyLink } from './coordinator/unruly-link.ts'

const FRAMES = process.env['VIGIE_SOAK'] === '1' ? 1_500 : 30

test('stores once what comes several times, in another order, late or not at all', async () => {
  const seed = seedOfRun()
  const coordinator = await coordinate('unruly-deliveries', { sites: ['allos', 'banon', 'riez', 'seyne'], pace: 30 })
  const places = placesOf(coordinator.dataFolder)
  const authority = certificatesOf(places)
  const link = await openUnrulyLink(
    Number(new URL(coordinator.fleet.addresses.broker).port),
    authority,
    { copiesMax: 3, delayMaxMs: 3_000, lostShare: 0.02 },
    seededRandom(seed),
  )
  try {
    const agents = coordinator.process('agents-1')
    await agents.down()
    sendThrough(link.port, places.runtime)
    agents.up()
    coordinator.timeline.note('link', 'unruly')
    await coordinator.moreFrames(FRAMES)
    link.calm()
    coordinator.timeline.note('link', 'calm')
    const { doubled, lost } = link.counts
    const verdict = await coordinator.verdict(`seed ${seed}, ${doubled} messages doubled and ${lost} lost on the way`)
    expectNothingLost(verdict)
    expect(doubled).toBeGreaterThan(FRAMES / 4)
    expect(verdict.stored).toBeGreaterThan(FRAMES)
  } finally {
    await coordinator.end()
    await link.close()
  }
})

/** Gives every unit of a fleet another address of the broker; its agent reads it when it starts. */
function sendThrough(port: number, runtimeFolder: string): void {
  for (const name of readdirSync(runtimeFolder).filter((file) => file.startsWith('vg-'))) {
    const file = join(runtimeFolder, name)
    const settings = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...settings, mqttUrl: `mqtts://127.0.0.1:${port}` }))
  }
}
