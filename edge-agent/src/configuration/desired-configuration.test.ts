import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { DESIRED_DOCUMENTS } from '@vigie/contract/topics'
import { createHandTime } from '@vigie/tests/fakes/hand-time'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NO_LANES } from '../lane/plan-lanes.ts'
import type { SitePlan } from '../settings.ts'
import { createConfigurationFiles } from './configuration-files.ts'
import { type ConfigurationNews, openDesiredConfiguration } from './desired-configuration.ts'
import { digestOf } from './digested-file.ts'

const NOON = Date.parse('2026-11-25T12:00:00.000Z')
const key = String(
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
)
const planAt = (latitude: number): SitePlan => ({
  place: { latitude, longitude: 6 },
  cameras: [],
  lanes: NO_LANES,
  historyBytesPerHour: null,
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-desired-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** One run of a unit; the plan of a version stands at that latitude. What is no JSON is signed by a stranger. */
async function start() {
  const time = createHandTime({ nowMs: NOON })
  const news: ConfigurationNews[] = []
  const told: string[] = []
  const heard: (() => void)[] = []
  const stop = new AbortController()
  const unit = await openDesiredConfiguration({
    time: { ...time, state: () => 'synchronised', date: () => ({ at: new Date(time.now()).toISOString() }) },
    seed: planAt(0),
    files: createConfigurationFiles(folder),
    readSet: async (bytes) => {
      const text = Buffer.from(bytes).toString()
      if (text.startsWith('{')) return { ok: true, set: JSON.parse(text) as DesiredSet }
      return { ok: false, reason: 'configuration-untrusted', detail: 'signed by a stranger' }
    },
    key: () => key,
    planOf: async ({ budget }) => ({ ok: true, plan: planAt(Number(budget)) }),
    tryCameras: async () => ({ ok: true }),
    holdUplink: async () => ({ ok: true }),
    goBy: async () => {},
    ask: () => {},
    tell: async () => {
      const { version, turnedAway } = unit.report()
      told.push(`${version} ${turnedAway?.reason ?? '-'}`)
      for (const wake of heard.splice(0)) wake()
    },
    onEvent: (event) => news.push(event),
  })
  const running = unit.run(stop.signal)
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((wake) => heard.push(wake))
  }
  return {
    ...{ unit, news, told, until },
    giveSet(version: number) {
      const texts = DESIRED_DOCUMENTS.map((name) => [name, name === 'budget' ? String(version) : '0'] as const)
      for (const [name, text] of texts) unit.take(name, Buffer.from(text))
      const documents = Object.fromEntries(texts.map(([name, text]) => [name, digestOf(text)]))
      const set = { v: 1, kind: 'desired-set', version, attempt: 1, at: new Date(NOON).toISOString(), documents }
      const where = { site: 'seyne' as SiteId, unit: 'vg-0001' as UnitId } // of the contract's patterns
      unit.take('set', Buffer.from(JSON.stringify({ ...set, ...where })))
    },
    giveStrangers: () => unit.take('set', Buffer.from('a stranger')),
    async end() {
      stop.abort()
      await running
    },
  }
}

test('a set of a stranger is in the state, once, over a restart, and until a later set of our own is confirmed', async () => {
  const first = await start()
  first.giveSet(1)
  await first.until(() => first.told.includes('1 -'))
  first.giveStrangers()
  await first.until(() => first.told.includes('1 configuration-untrusted'))
  first.giveStrangers()
  await first.end()

  const second = await start()
  expect(second.unit.report()).toMatchObject({
    version: 1,
    turnedAway: { reason: 'configuration-untrusted', about: 'signed by a stranger', at: new Date(NOON).toISOString() },
  })
  second.giveSet(2)
  await second.until(() => second.told.includes('2 -'))
  expect(second.unit.report().turnedAway).toBeUndefined()
  await second.end()
  expect([...first.told, ...second.told].filter((one) => one.startsWith('1 configuration'))).toHaveLength(2)
})

test('an older set is in the state too, also when the disk has lost what was remembered of the newer one', async () => {
  const first = await start()
  first.giveSet(5)
  await first.until(() => first.told.includes('5 -'))
  await first.end()
  rmSync(join(folder, 'memory.json'))
  const second = await start()
  second.giveSet(4)
  await second.until(() => second.told.includes('5 configuration-older'))
  expect(second.unit.report().turnedAway).toMatchObject({ about: 'version 4.1' })
  await second.end()
})

test.each(['confirmed.json', 'confirmed-copy.json'])(
  'a unit whose disk has turned over a bit of %s starts with its last good configuration, and says so',
  async (name) => {
    const first = await start()
    first.giveSet(3)
    await first.until(() => first.told.includes('3 -'))
    await first.end()
    const file = join(folder, name)
    const bytes = readFileSync(file)
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    writeFileSync(file, bytes)

    const second = await start()
    expect(second.unit.plan).toEqual(planAt(3))
    expect(second.unit.report()).toMatchObject({ version: 3 })
    expect(second.news).toEqual([{ kind: 'damaged', files: [name], isLost: false }])
    await second.end()
  },
)
