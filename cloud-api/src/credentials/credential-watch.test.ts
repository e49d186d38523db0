import { randomUUID, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { addNextGeneration } from '@vigie/provisioning/authority/found-authority'
import { certificatesIn } from '@vigie/tests/fixtures/certificates-in'
import {
  newUnitRequest,
  startTrialAuthority,
  TRIAL_PASSPHRASES,
  type TrialAuthority,
} from '@vigie/tests/fixtures/trial-authority'
import { until } from '@vigie/tests/fixtures/until'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHealthWatch } from '../health-watch.ts'
import { createBrokerConnection } from '../intake/broker-connection.ts'
import { judgeCertificate } from '../presence/unit-certificate.ts'
import { createAuthorityOffice } from '../units/authority-office.ts'
import { readClientTls } from './client-tls.ts'
import { type Credential, createCredential } from './credential.ts'
import { createCredentialWatch } from './credential-watch.ts'
import { readUnitAuthorities } from './unit-authorities.ts'

const DAY_MS = 24 * 3_600_000
let authority: TrialAuthority
let lines: Record<string, unknown>[]
const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
const eventsOf = (name: string) => lines.filter(({ event }) => event === name)

beforeAll(async () => {
  authority = await startTrialAuthority()
})
afterAll(() => authority.remove())
beforeEach(() => {
  lines = []
})

const cloudFiles = () => [authority.cloud.certificateFile, authority.cloud.keyFile, authority.files.trust]
const ownCredential = () => createCredential('cloud', cloudFiles(), readClientTls)
const serialNow = () => new X509Certificate(readFileSync(authority.cloud.certificateFile)).serialNumber

/** Follows as the cloud does, faster; the clock stands where it is put. */
function watch(credential: Credential<unknown>, now: () => number, broker: () => number | null) {
  const stop = new AbortController()
  const made = createCredentialWatch({
    ...{ credentials: [credential], others: { broker }, clock: { now }, log, everyMs: 5 },
  })
  void made.run(stop.signal)
  return { check: made.check, stop: () => stop.abort() }
}

/** A server of the house: knows by its certificate who comes, notes it, and says that there are no claims. */
async function openServer() {
  const { certificateFile, keyFile } = await authority.issuePart('broker')
  const [cert, key] = [readFileSync(certificateFile), readFileSync(keyFile)]
  const serials: string[] = []
  const trust = { ca: readFileSync(authority.files.trust), requestCert: true, rejectUnauthorized: true }
  const server = createServer({ cert, key, ...trust }, (_request, response) => response.end('{"claims":[]}'))
  server.on('secureConnection', (socket: TLSSocket) =>
    serials.push(socket.getPeerX509Certificate()?.serialNumber ?? ''),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listens on TCP
  return { server, port, serials }
}

describe('a certificate of our own', () => {
  test('that is renewed is shown to authority and broker from then on, without a restart', async () => {
    const { server, port, serials } = await openServer()
    const credential = ownCredential()
    const { stop } = watch(credential, Date.now, () => null)
    const office = createAuthorityOffice({ url: `https://127.0.0.1:${port}`, tls: credential.value })
    await office.claims()
    const before = serialNow()
    expect(serials).toEqual([before])

    await authority.issuePart('cloud')
    await until(() => eventsOf('certificate.taken').length === 1)
    const after = serialNow()
    expect(after).not.toBe(before)
    await office.claims()
    expect(serials.at(-1)).toBe(after)

    const offline = new AbortController()
    const deps = { clock: { now: Date.now, monotonicMs: () => performance.now() }, random: () => 0 }
    const address = { url: `mqtts://127.0.0.1:${port}`, clientId: randomUUID(), tls: credential.value }
    const seen = serials.length
    const running = createBrokerConnection(address, [], {
      ...{ ...deps, onMessage: async () => {}, onConnected: () => {}, onDisconnected: () => offline.abort() },
    }).run(offline.signal)
    await until(() => serials.length > seen)
    expect(serials.at(-1)).toBe(after)
    server.closeAllConnections()
    await running
    stop()
    server.close()
  })

  test('that is half in its place is not taken, which is said once; the one before holds until both fit', async () => {
    const credential = ownCredential()
    const held = credential.value()
    const { check, stop } = watch(credential, Date.now, () => null)
    const key = readFileSync(authority.cloud.keyFile)
    writeFileSync(authority.cloud.keyFile, readFileSync((await authority.issuePart('broker')).keyFile))
    await until(() => eventsOf('certificate.not-taken').length === 1)
    expect(credential.value()).toBe(held)
    expect(await check(AbortSignal.timeout(1_000))).toMatchObject({ works: true, warns: true })
    writeFileSync(authority.cloud.keyFile, key)
    await until(() => eventsOf('certificate.taken').length === 1)
    expect(eventsOf('certificate.not-taken')).toHaveLength(1)
    expect(await check(AbortSignal.timeout(1_000))).toEqual({ works: true })
    stop()
  })

  test('that ends within a month is warned of, ours and the one that the broker shows, and has failed when it is over', async () => {
    const credential = ownCredential()
    let now = credential.endsAt() - 31 * DAY_MS
    let broker = now + 90 * DAY_MS
    const { check, stop } = watch(
      credential,
      () => now,
      () => broker,
    )
    const health = createHealthWatch({ checks: { certificates: check }, clock: { now: () => now }, log })
    expect(await health.ask()).toEqual({ certificates: { works: true } })

    now += 2 * DAY_MS
    for (let time = 0; time < 3; time += 1)
      expect((await health.ask())['certificates']).toMatchObject({ works: true, warns: true })
    expect(eventsOf('health.warns')).toMatchObject([{ part: 'certificates' }])
    expect(eventsOf('health.warns')[0]?.['detail']).toMatch(/^certificate-ends: cloud ends in 29 days/)

    broker = now - 1
    expect((await health.ask())['certificates']).toMatchObject({
      works: false,
      detail: expect.stringMatching(/broker ended/),
    })
    stop()
  })
})

describe('an authority that is rotated', () => {
  test('has its new units believed without a restart, and those of the old one too', async () => {
    const site = 'seyne' as SiteId // of the contract's pattern
    const enrolled = async (unit: string) => {
      const { code } = await authority.claim({ unit, site })
      const [certificate] = certificatesIn(await authority.enrol(unit, code, (await newUnitRequest(unit)).request))
      return String(certificate)
    }
    const authorities = readUnitAuthorities(authority.files.trust)
    const { check, stop } = watch(authorities, Date.now, () => null)
    const isBelieved = (pem: string, unit: string) =>
      judgeCertificate(pem, { site, unit: unit as UnitId }, authorities.value(), Date.now()).ok // of the pattern
    const old = await enrolled('vg-0001')
    expect(isBelieved(old, 'vg-0001')).toBe(true)

    const before = readFileSync(authority.files.trust)
    await addNextGeneration(`${authority.folder}/authority`, TRIAL_PASSPHRASES, TRIAL_PASSPHRASES.root, Date.now())
    const after = readFileSync(authority.files.trust)
    writeFileSync(authority.files.trust, '')
    await until(() => eventsOf('certificate.not-taken').length === 1)
    expect(isBelieved(old, 'vg-0001')).toBe(true)
    writeFileSync(authority.files.trust, before)
    await authority.stop()
    authority = await startTrialAuthority({ folder: authority.folder })
    await until(() => eventsOf('certificate.taken').length >= 1)
    const renewed = await enrolled('vg-0002')
    expect(isBelieved(renewed, 'vg-0002')).toBe(false)

    const taken = eventsOf('certificate.taken').length
    writeFileSync(authority.files.trust, after)
    await until(() => eventsOf('certificate.taken').length > taken)
    expect(isBelieved(renewed, 'vg-0002')).toBe(true)
    expect(isBelieved(old, 'vg-0001')).toBe(true)
    expect(await check(AbortSignal.timeout(1_000))).toEqual({ works: true })
    stop()
  })
})
