import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFakeClock, fakeTimeLibrary } from '../fixtures/fake-clock.ts'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { openUnitOffice, type UnitOffice } from '../fixtures/unit-office.ts'
import { type LogLine, startUnitProcess, type UnitProcess } from '../fixtures/unit-process.ts'

const KILLS = process.env['VIGIE_SOAK'] === '1' ? 200 : 20
const DAY_MS = 86_400_000
const SITE = 'col-d-allos'

let office: UnitOffice
let folder: string
const running: UnitProcess[] = []
beforeAll(async () => {
  office = await openUnitOffice()
})
afterAll(() => office.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-identity-'))
})
afterEach(async () => {
  office.restore()
  for (const unit of running.splice(0)) await unit.kill()
  rmSync(folder, { recursive: true })
})

const start = (env: Record<string, string> = {}, of = folder): UnitProcess => {
  const unit = startUnitProcess(of, office, env)
  running.push(unit)
  return unit
}
const isState = (name: string) => (line: LogLine) => line['event'] === 'identity.state' && line['state'] === name
const isEvent = (name: string) => (line: LogLine) => line['event'] === name

type Kept = { key: string; certificates: string }
const kept = (name: string, of = folder): Kept | null => {
  const file = join(of, 'identity', `${name}.json`)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
const certificateOf = ({ certificates }: Kept) => new X509Certificate(certificates)
const current = (of = folder): X509Certificate => {
  const held = kept('current', of)
  if (held === null) throw new Error('no certificate is in use')
  return certificateOf(held)
}

/** A file that is there is whole, and its certificate is its key's; what was in use stays until another is. */
function expectSound(of: string, { hadCurrent }: { hadCurrent: boolean }): void {
  const known = ['asked.json', 'claim.json', 'current.json', 'next.json']
  const found = readdirSync(join(of, 'identity')).filter((name) => !name.endsWith('.half'))
  expect(known).toEqual(expect.arrayContaining(found))
  for (const name of ['current', 'next']) {
    const held = kept(name, of)
    if (held) expect(certificateOf(held).checkPrivateKey(createPrivateKey(held.key))).toBe(true)
  }
  if (hadCurrent) expect(kept('current', of)).not.toBeNull()
}

/** The certificates of a unit at the authority that neither ended nor were revoked. */
async function liveAt(unit: string): Promise<{ serial: string; key: string }[]> {
  const { value } = await office.authority.office('GET', `/certificates?unit=${unit}`)
  return value.certificates.filter(
    (one: { revokedAt: string | null; endsAt: string }) =>
      one.revokedAt === null && Date.parse(one.endsAt) > Date.now(),
  )
}

test(`killed at ${KILLS} moments of enrolment and renewal, a unit always has one identity and ends with a valid one`, async () => {
  const seed = seedOfRun()
  console.log(`seed ${seed}`)
  const random = seededRandom(seed)
  let kills = 0
  for (let round = 0; kills < KILLS; round += 1) {
    const unit = `vg-${String(round + 1).padStart(4, '0')}`
    const of = join(folder, unit)
    mkdirSync(of, { recursive: true })
    const isRenewal = round % 2 === 1
    const before = isRenewal ? await office.enrolAt(Date.now() - 125 * DAY_MS, { unit, site: SITE, folder: of }) : null
    if (!isRenewal) {
      const { code } = await office.authority.claim({ unit, site: SITE })
      mkdirSync(join(of, 'identity'), { recursive: true })
      writeFileSync(join(of, 'identity', 'claim.json'), JSON.stringify({ unit, code }))
    }
    for (let time = 0; time < 4 && kills < KILLS; time += 1, kills += 1) {
      const hadCurrent = kept('current', of) !== null
      const agent = start({}, of)
      // From before the first step to well after the last.
      const steps = Math.floor(random() * 6)
      const states = () => agent.log.filter(isEvent('identity.state')).length
      await agent.says(() => states() >= steps || agent.log.some(isEvent('uplink.connected')))
      await pause(random() * 120)
      await agent.kill()
      expectSound(of, { hadCurrent })
    }
    const last = start({}, of)
    await last.says(isState('current'))
    if (isRenewal)
      await last.says(() => kept('current', of) !== null && current(of).serialNumber !== before?.serialNumber)
    await last.says(isEvent('uplink.connected'))
    await last.kill('SIGTERM')
    expect(readdirSync(join(of, 'identity')).filter((name) => !name.endsWith('.half'))).toEqual(['current.json'])
    const live = await liveAt(unit)
    expect(live.map(({ serial }) => serial)).toContain(current(of).serialNumber)
    expect(new Set(live.map(({ key }) => key)).size).toBe(1)
    expect(live.length).toBe(isRenewal ? 2 : 1)
  }
})

test('off for 400 days, with its clock at 1970, a unit comes back by itself', async ({ skip }) => {
  skip(fakeTimeLibrary() === null, 'libfaketime is not on this machine; apt install faketime')
  const before = await office.enrolAt(Date.now() - 400 * DAY_MS, { unit: 'vg-0400', site: SITE, folder })
  expect(Date.parse(before.validTo)).toBeLessThan(Date.now())
  const clock = createFakeClock(folder)
  clock.setOffset(-Math.round(Date.now() / 1000))
  const unit = start(clock.env)
  await unit.says(isEvent('uplink.connected'))
  await unit.says(isState('current'))
  expect(unit.log.some(isEvent('clock.estimated'))).toBe(true)
  await unit.says(() => current().serialNumber !== before.serialNumber)
  expect(current().publicKey.equals(before.publicKey)).toBe(true)
})

test('whose certificate ends while the network is away renews it when the network is back', async () => {
  // Valid for 180 days, and dated a day back.
  const endsInMs = 8_000
  const before = await office.enrolAt(Date.now() + endsInMs - 179 * DAY_MS, { unit: 'vg-0180', site: SITE, folder })
  office.cut()
  const unit = start()
  await unit.says(isEvent('uplink.lost'))
  await expect.poll(() => Date.parse(before.validTo) < Date.now(), { timeout: 60_000 }).toBe(true)
  expect(current().serialNumber).toBe(before.serialNumber)
  office.restore()
  await unit.says(isEvent('uplink.connected'))
  await unit.says(() => current().serialNumber !== before.serialNumber)
  expect(unit.log.filter(isEvent('agent.started'))).toHaveLength(1)
})
