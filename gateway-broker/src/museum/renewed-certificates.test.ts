import { createPrivateKey, X509Certificate } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'node:tls'
import { ProblemsError } from '@vigie/config-schema/problems'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { openIdentityFolder } from '@vigie/edge-agent/identity/identity-folder'
import { connectParty, createTestAuthority } from '@vigie/tests/conformance/mqtt-party'
import { openUnitOffice, type UnitOffice } from '@vigie/tests/fixtures/unit-office'
import { until } from '@vigie/tests/fixtures/until'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBroker } from '../broker.ts'
import type { TlsMaterial } from '../settings.ts'
import { createTrust } from '../trust.ts'
import { readMuseumSettings } from './museum-settings.ts'
import type { OwnCertificates } from './own-certificates.ts'
import { createRenewedCertificates } from './renewed-certificates.ts'
import { tryDoors } from './try-doors.ts'

const DAY_MS = 86_400_000
const SITE = 'musee-salagon'
const text = (file: string) => readFileSync(file, 'utf8')
const serialOf = (material: TlsMaterial | null) => new X509Certificate(material?.certificate ?? '').serialNumber

let office: UnitOffice
let folder: string
let unit: string
let count = 100
let log: Record<string, unknown>[]
const stopping: { stop: AbortController; over: Promise<void> }[] = []
beforeAll(async () => {
  office = await openUnitOffice()
})
afterAll(() => office.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-renewed-'))
  count += 1
  unit = `vg-0${count}`
  log = []
})
afterEach(async () => {
  for (const { stop, over } of stopping.splice(0)) {
    stop.abort()
    await over
  }
  rmSync(folder, { recursive: true })
})

/** Makes the certificate of its doors by hand, and gives the settings of the gateway with it. */
async function settingsOf(changes: Record<string, string> = {}) {
  const doors = await office.authority.issueDoors({ unit, site: SITE }, { into: join(folder, 'hand') })
  const { roots, trust } = office.authority.files
  return readMuseumSettings({
    env: {
      ...{ SITE, UNIT: unit, DATA_FOLDER: folder, CONSOLE_FOLDER: folder, CLOUD_URL: office.mqttUrl },
      ...{ CA_FILE: trust, CERTIFICATE_FILE: doors.certificateFile, KEY_FILE: doors.keyFile },
      ...{ UNIT_CA_FILE: roots, AUTHORITY_URL: office.authorityUrl, ...changes },
    },
  })
}

/** Runs them as the gateway does, until the test is over. */
function run(settings: Awaited<ReturnType<typeof settingsOf>>): OwnCertificates {
  const logger = pino({ base: null, messageKey: 'event' }, { write: (line: string) => void log.push(JSON.parse(line)) })
  const own = createRenewedCertificates(
    {
      ...{ log: logger, random: () => 0.01, clock: { now: Date.now, monotonicMs: () => performance.now() } },
      wait: async (ms, signal) => void (await pause(ms, undefined, { signal }).catch(() => undefined)),
    },
    settings,
    office.authorityUrl,
  )
  const stop = new AbortController()
  stopping.push({ stop, over: own.run(stop.signal) })
  return own
}
const has = (event: string) => log.some((line) => line['event'] === event)
const enrolled = (daysAgo: number) => office.enrolAt(Date.now() - daysAgo * DAY_MS, { unit, site: SITE, folder })
const inUse = () => new X509Certificate(openIdentityFolder(join(folder, 'identity')).current()?.certificates ?? '')

describe('the doors of a gateway', () => {
  test('get a key that was made there, for the same names; who is inside stays, and who comes next sees the new one', async () => {
    await enrolled(1)
    const settings = await settingsOf()
    const lane = { unit: `${unit}-lane`, site: SITE, folder: join(folder, 'lane') }
    mkdirSync(lane.folder)
    await office.enrolAt(Date.now(), lane)
    const held = openIdentityFolder(join(lane.folder, 'identity')).current()
    if (held === null) throw new Error('the lane has no certificate')
    const own = run(settings)
    const byHand = {
      ca: text(settings.caFile),
      certificate: text(settings.certificateFile),
      key: text(settings.keyFile),
    }
    const silent = pino({ level: 'silent' })
    const broker = await createBroker(
      { log: silent },
      { host: '127.0.0.1', port: 0, onlySite: SITE as SiteId, ...byHand },
    )
    const asLane = { ca: text(office.authority.files.trust), cert: held.certificates, key: held.key }
    const party = await connectParty(broker.port, { ...asLane, clientId: lane.unit })
    const trust = createTrust(settings, byHand, { log: silent, now: Date.now, everyMs: 20, read: own.doors })
    const stop = new AbortController()
    const following = trust.follow(broker, stop.signal)
    const seen = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ port: broker.port, host: '127.0.0.1', ...asLane }, () => {
          resolve(socket.getPeerCertificate().serialNumber)
          socket.destroy()
        })
        socket.once('error', reject)
      })
    try {
      await until(() => serialOf(own.doors()) !== serialOf(byHand))
      const doors = own.doors()
      await until(() => serialOf(trust.tls()) === serialOf(doors))
      expect(await seen()).toBe(serialOf(doors))
      expect(party.client.connected).toBe(true)
      const [before, after] = [byHand, doors].map(({ certificate }) => new X509Certificate(certificate))
      expect(after?.subjectAltName).toBe(before?.subjectAltName)
      expect(after?.publicKey.equals(before?.publicKey ?? after.publicKey)).toBe(false)
      expect(after?.checkPrivateKey(createPrivateKey(doors.key))).toBe(true)
    } finally {
      party.client.end(true)
      stop.abort()
      await following
      await broker.stop()
    }
  })

  test('stay as they are while those that came would not be believed by lanes', async () => {
    const stranger = await createTestAuthority([])
    await enrolled(1)
    const settings = await settingsOf({ CA_FILE: stranger.caFile })
    const own = run(settings)
    await until(() => has('doors.not-believed') && !existsSync(join(folder, 'doors', 'next.json')))
    expect(own.doors().certificate).toBe(text(settings.certificateFile))
    stranger.remove()
  })

  test('say so while a person is replacing who is believed, and go on once that is whole', async () => {
    await enrolled(1)
    const caFile = join(folder, 'ca.crt')
    copyFileSync(office.authority.files.trust, caFile)
    const own = run(await settingsOf({ CA_FILE: caFile }))
    writeFileSync(caFile, '-----BEGIN')
    expect(() => own.doors()).toThrow(ProblemsError)
    copyFileSync(office.authority.files.trust, caFile)
    await until(() => own.doors().certificate !== text(join(folder, 'hand', 'gateway.crt')))
  })

  test('are left to a person when their certificate names no unit', async () => {
    await enrolled(1)
    const broker = await office.authority.issuePart('broker')
    const own = run(await settingsOf({ CERTIFICATE_FILE: broker.certificateFile, KEY_FILE: broker.keyFile }))
    expect(has('doors.not-renewed')).toBe(true)
    expect(own.doors().certificate).toBe(text(broker.certificateFile))
  })

  test('begin anew with what a person made later', async () => {
    await enrolled(1)
    const before = run(await settingsOf())
    await until(
      () =>
        serialOf(before.doors()) !==
        serialOf({ ...before.doors(), certificate: text(join(folder, 'hand', 'gateway.crt')) }),
    )
    const later = await office.authority.issueDoors(
      { unit, site: SITE },
      { into: join(folder, 'later'), atMs: Date.now() + 60_000 },
    )
    const settings = { ...(await settingsOf()), certificateFile: later.certificateFile, keyFile: later.keyFile }
    for (const { stop, over } of stopping.splice(0)) {
      stop.abort()
      await over
    }
    const own = run(settings)
    expect(own.doors().certificate).toBe(text(later.certificateFile))
  })
})

describe('a gateway as a unit', () => {
  test('renews at two thirds, and drops the old certificate only when the cloud let it in with the new one', async () => {
    const before = await enrolled(125)
    const own = run(await settingsOf())
    await until(() => serialOf(own.unit()) !== before.serialNumber)
    expect(inUse().serialNumber).toBe(before.serialNumber)
    own.letIn(own.unit()?.certificate ?? '')
    await until(() => inUse().serialNumber !== before.serialNumber)
    expect(inUse().publicKey.equals(before.publicKey)).toBe(true)
  })

  test('goes back to the old certificate when the cloud turns the new one away', async () => {
    const before = await enrolled(125)
    const own = run(await settingsOf())
    await until(() => serialOf(own.unit()) !== before.serialNumber)
    // CONNACK 5: not authorised. Once it may be anything; so often it is the certificate.
    const refused = Object.assign(new Error('not authorised'), { code: 5 })
    const pending = own.unit()?.certificate ?? ''
    for (let time = 0; time < 3; time += 1) own.turnedAway(pending, refused)
    await until(() => serialOf(own.unit()) === before.serialNumber)
    expect(inUse().serialNumber).toBe(before.serialNumber)
  })

  test('begins with a code, as any box; its doors are renewed once it is let in', async () => {
    const settings = await settingsOf()
    const { code } = await office.authority.claim({ unit, site: SITE })
    const own = run(settings)
    expect(own.unit()).toBeNull()
    openIdentityFolder(join(folder, 'identity')).putClaim({ unit: unit as UnitId, code })
    await until(() => own.unit() !== null)
    expect(own.doors().certificate).toBe(text(settings.certificateFile))
    own.letIn(own.unit()?.certificate ?? '')
    await until(() => own.doors().certificate !== text(settings.certificateFile))
  })
})

describe('doors that are tried', () => {
  test('are believed by each of their names, by those who know the authority, with the key of their certificate', async () => {
    const [one, other] = [await createTestAuthority([]), await createTestAuthority([])]
    const { certificateFile, keyFile } = one.broker
    const doors = { ca: '', certificate: text(certificateFile), key: text(keyFile) }
    expect(await tryDoors(doors, text(one.caFile))).toBeNull()
    expect(await tryDoors(doors, text(other.caFile))).not.toBeNull()
    expect(await tryDoors({ ...doors, key: text(other.broker.keyFile) }, text(one.caFile))).not.toBeNull()
    const client = one.cloud
    const ofClient = { ca: '', certificate: text(client.certificateFile), key: text(client.keyFile) }
    expect(await tryDoors(ofClient, text(one.caFile))).toBe('names nobody')
    one.remove()
    other.remove()
  })
})
