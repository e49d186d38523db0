import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { openUnitOffice, type UnitOffice } from '../fixtures/unit-office.ts'
import { type LogLine, startUnitProgram, type UnitProcess } from '../fixtures/unit-process.ts'
import { placesOf } from '../fleet/places.ts'

const isSoak = process.env['VIGIE_SOAK'] === '1'
const KILLS = isSoak ? 100 : 3
const DAY_MS = 86_400_000
const SITE = 'musee-salagon'
const [GATEWAY, LANE] = ['vg-0101', 'vg-0102']
/** Starts of a process, one after the other, also where the machine has much else to do. */
const TIMEOUT_MS = isSoak ? 3_600_000 : 300_000
const WITHIN = { timeout: 60_000 }
const PLACES = ['identity', 'doors']
const main = placesOf('').program('gateway-broker', 'museum-main.js')

let office: UnitOffice
let folder: string
const running: UnitProcess[] = []
beforeAll(async () => {
  office = await openUnitOffice()
})
afterAll(() => office.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-gateway-renewal-'))
})
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.kill()
  rmSync(folder, { recursive: true })
})

const text = (file: string) => readFileSync(file, 'utf8')
const isEvent = (name: string) => (line: LogLine) => line['event'] === name

type Kept = { key: string; certificates: string }
const kept = (place: string, name: string): Kept | null => {
  const file = join(folder, place, `${name}.json`)
  return existsSync(file) ? JSON.parse(text(file)) : null
}
const serialIn = (place: string) => {
  const held = kept(place, 'current')
  return held && new X509Certificate(held.certificates).serialNumber
}

/** A file that is there is whole, and its certificate is its key's; what was in use stays until another is. */
function expectSound(hadCurrent: readonly string[]): void {
  for (const place of PLACES) {
    if (hadCurrent.includes(place)) expect(kept(place, 'current')).not.toBeNull()
    for (const name of ['current', 'next']) {
      const held = kept(place, name)
      if (held) expect(new X509Certificate(held.certificates).checkPrivateKey(createPrivateKey(held.key))).toBe(true)
    }
  }
}

test(
  `killed at ${KILLS} moments of its renewals, a gateway has good certificates each time, and ends with new ones that cloud and lanes believe`,
  async () => {
    const seed = seedOfRun()
    console.log(`seed ${seed}`)
    const random = seededRandom(seed)
    const unit = await office.enrolAt(Date.now() - 125 * DAY_MS, { unit: GATEWAY, site: SITE, folder })
    const ofLane = join(folder, 'lane')
    mkdirSync(ofLane)
    await office.enrolAt(Date.now(), { unit: LANE, site: SITE, folder: ofLane })
    const byHand = await office.authority.issueDoors({ unit: GATEWAY, site: SITE })
    const { roots, trust } = office.authority.files
    const start = (): UnitProcess => {
      const gateway = startUnitProgram(main, {
        ...{ SITE, UNIT: GATEWAY, DATA_FOLDER: folder, CONSOLE_FOLDER: folder, CLOUD_URL: office.mqttUrl },
        ...{ LISTEN_PORT: '0', HTTP_PORT: '0', TAKE_BACK_WITHIN_S: '0', AUTHORITY_URL: office.authorityUrl },
        ...{ CA_FILE: trust, CERTIFICATE_FILE: byHand.certificateFile, KEY_FILE: byHand.keyFile, UNIT_CA_FILE: roots },
      })
      running.push(gateway)
      return gateway
    }
    /** What a lane is shown that comes in. */
    const shownToLane = (port: number): Promise<X509Certificate | undefined> =>
      new Promise((resolve, reject) => {
        const own = JSON.parse(text(join(ofLane, 'identity', 'current.json'))) as Kept
        const shows = { ca: text(roots), cert: own.certificates, key: own.key }
        const socket = connect({ port, host: '127.0.0.1', ...shows }, () => {
          resolve(socket.getPeerX509Certificate())
          socket.destroy()
        })
        socket.once('error', reject)
      })

    for (let kill = 0; kill < KILLS; kill += 1) {
      const hadCurrent = PLACES.filter((place) => kept(place, 'current') !== null)
      const gateway = start()
      const steps = Math.floor(random() * 7)
      const states = () => gateway.log.filter(isEvent('identity.state')).length
      await gateway.says(() => states() >= steps || gateway.log.some(isEvent('cloud.connected')))
      await pause(random() * 200)
      await gateway.kill()
      expectSound(hadCurrent)
    }
    const last = start()
    const { lanPort } = await last.says(isEvent('museum.listening'))
    // By what it had, or has by now: the doors never were without.
    expect(await shownToLane(Number(lanPort))).toBeDefined()
    await last.says(isEvent('cloud.connected'))
    await expect.poll(() => serialIn('identity'), WITHIN).not.toBe(unit.serialNumber)
    await expect
      .poll(() => serialIn('doors'), WITHIN)
      .not.toBe(new X509Certificate(text(byHand.certificateFile)).serialNumber)
    for (const place of PLACES)
      await expect
        .poll(() => readdirSync(join(folder, place)).filter((name) => !name.endsWith('.half')), WITHIN)
        .toEqual(['current.json'])
    await last.kill('SIGTERM')

    const again = start()
    const { lanPort: port } = await again.says(isEvent('museum.listening'))
    expect((await shownToLane(Number(port)))?.serialNumber).toBe(serialIn('doors'))
    await again.says(isEvent('cloud.connected'))
    await again.kill('SIGTERM')
  },
  TIMEOUT_MS,
)
