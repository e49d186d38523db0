import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Broker, createBroker } from '@vigie/gateway-broker/broker'
import { createRevocations, type Revocations } from '@vigie/gateway-broker/revocation/revocations'
import { addNextGeneration } from '@vigie/provisioning/authority/found-authority'
import { startTrialAuthority, TRIAL_PASSPHRASES, type TrialAuthority } from '@vigie/tests/fixtures/trial-authority'
import { until } from '@vigie/tests/fixtures/until'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { faultCodeOf } from './faults.ts'
import { makeCertificateRequest } from './identity/certificate-request.ts'
import { bearerOf } from './identity/credential.ts'
import { enrol, readAuthorities } from './identity/est.ts'
import { openIdentityFolder } from './identity/identity-folder.ts'
import { renewalMs } from './identity/identity-step.ts'
import { issuedCredential } from './identity/issued-credential.ts'
import type { AgentSettings } from './settings.ts'
import { runUnit } from './unit.ts'

const DAY_MS = 86_400_000
/** Waits of seconds are a matter of a moment; the dates of certificates are held to `now`. */
const PACE = 25
/** By its own time, until a unit that starts on a loaded machine has connected: five seconds here. */
const CONNECTED_WITHIN_MS = 125_000
const UNIT = 'vg-0001'
const SITE = 'col-d-allos'

/** What everybody but OpenSSL, which asks the machine, takes for the time. */
let now: number
let folder: string
let authority: TrialAuthority
let broker: Broker
let revocations: Revocations
let log: Record<string, unknown>[]
const running: Array<() => Promise<void>> = []

beforeEach(() => {
  now = Date.now()
  log = []
  folder = mkdtempSync(join(tmpdir(), 'vigie-unit-'))
})
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop()
  await broker.stop()
  await authority.remove()
  rmSync(folder, { recursive: true })
})

/** Authority and broker as they stand at `now`; a second time on the same folder, so that both renew what is theirs. */
async function openOffice(port = 0): Promise<void> {
  const again = authority?.folder
  authority = await startTrialAuthority({
    now: () => now,
    ...(again !== undefined && existsSync(again) && { folder: again }),
  })
  const material = await brokerMaterial()
  revocations = createRevocations(material.ca)
  broker = await createBroker({ log: pino({ level: 'silent' }), revocations }, { host: '127.0.0.1', port, ...material })
}

async function brokerMaterial() {
  const { certificateFile, keyFile } = await authority.issuePart('broker')
  const text = (file: string) => readFileSync(file, 'utf8')
  return { ca: text(authority.files.trust), certificate: text(certificateFile), key: text(keyFile) }
}

const identity = (name: string) => join(folder, 'data', 'identity', name)
const kept = (name: string): { key: string; certificates: string } => JSON.parse(readFileSync(identity(name), 'utf8'))
const certificate = () => new X509Certificate(kept('current.json').certificates)
const eventsOf = (event: string) => log.filter(({ msg }) => msg === event)
const states = () => eventsOf('identity.state').map(({ state }) => state)
const connections = () => eventsOf('uplink.connected').length

function putClaim(code: string): void {
  mkdirSync(identity(''), { recursive: true, mode: 0o755 })
  writeFileSync(identity('claim.json'), JSON.stringify({ unit: UNIT, code }))
}

/** A box with a data folder, an address or two, and the roots that it was prepared with. */
function startUnit({ wallMs = () => now } = {}) {
  const caFile = join(folder, 'roots.crt')
  if (!existsSync(caFile)) copyFileSync(authority.files.roots, caFile)
  const settings = {
    ...{ profilesFolder: join(folder, 'profiles'), dataFolder: join(folder, 'data'), caFile, cameras: {} },
    ...{ mqttUrl: `mqtts://127.0.0.1:${broker.port}`, authorityUrl: authority.url },
    ...{ frameStoreMaxBytes: 4 * 1024 * 1024, keepAliveS: 60 },
  } satisfies AgentSettings
  mkdirSync(settings.profilesFolder, { recursive: true })
  const stopping = new AbortController()
  const startedMs = performance.now()
  const time = {
    now: () => wallMs() + (performance.now() - startedMs),
    monotonicMs: () => performance.now() * PACE,
    wait: (ms: number, signal: AbortSignal) => setTimeout(ms / PACE, undefined, { signal }),
  }
  const logger = pino({ base: null }, { write: (line: string) => void log.push(JSON.parse(line)) })
  const unit = runUnit(settings, { time, newId: monotonicFactory(), random: () => 0.2, log: logger }, stopping.signal)
  unit.catch((error) => log.push({ msg: 'bug', error: String(error), fault: faultCodeOf(error) }))
  const stop = async () => {
    stopping.abort()
    await unit
  }
  running.push(stop)
  return { stop }
}

/** The folder of a unit that was enrolled so long ago, by the very parts that do it on a box. */
async function enrolledAgo(days: number): Promise<X509Certificate> {
  now = Date.now() - days * DAY_MS
  await openOffice()
  const at = AbortSignal.timeout(10_000)
  const trust = {
    url: authority.url,
    authorities: readFileSync(authority.files.roots, 'utf8'),
    shows: null,
    now: () => now,
  }
  const { code } = await authority.claim({ unit: UNIT, site: SITE })
  const files = openIdentityFolder(identity(''))
  files.makeKey()
  const key = files.askedKey() ?? ''
  const request = await makeCertificateRequest(key, { unit: UNIT, site: null })
  const answer = await enrol(trust, { unit: UNIT, code, request }, at)
  if (answer.outcome !== 'granted') throw new Error(answer.outcome)
  const authorities = await readAuthorities(trust, at)
  const asked = { key, unit: UNIT, site: null, nowMs: now }
  const issued = issuedCredential({ certificate: answer.certificate, authorities }, asked)
  if (!issued.ok) throw new Error(issued.problem)
  files.keepNext(issued.credential)
  files.adoptNext()
  now = Date.now()
  return answer.certificate
}

async function closeOffice(): Promise<void> {
  await broker.stop()
  await authority.stop()
}

describe('a box', () => {
  test('with a claim enrols itself, is let in, and keeps nothing of the claim', async () => {
    await openOffice()
    putClaim((await authority.claim({ unit: UNIT, site: SITE })).code)
    startUnit()
    await until(() => states().at(-1) === 'current')
    expect(states()).toEqual(['keyless', 'asking', 'pending', 'pending', 'current'])
    expect(certificate().subject).toBe(`CN=${UNIT}\nOU=${SITE}`)
    expect(certificate().checkPrivateKey(createPrivateKey(kept('current.json').key))).toBe(true)
    expect(readdirSync(identity(''))).toEqual(['current.json'])
    expect(statSync(identity('current.json')).mode & 0o777).toBe(0o600)
    expect(statSync(identity('')).mode & 0o777).toBe(0o700)
    expect(eventsOf('agent.started')).toHaveLength(1)
    const said = JSON.stringify(log)
    expect(said).not.toContain('PRIVATE KEY')
  })

  test('waits for its technician, and is enrolled for the site that he chose', async () => {
    await openOffice()
    const { code, words } = await authority.claim({ unit: UNIT })
    putClaim(words)
    startUnit()
    await until(() => states().filter((state) => state === 'asking').length > 2)
    expect(eventsOf('agent.started')).toHaveLength(0)
    await authority.office('POST', '/claims/bind', { code, site: 'seyne', by: 'jeanne' })
    await until(() => states().at(-1) === 'current')
    expect(certificate().subject).toBe(`CN=${UNIT}\nOU=seyne`)
    expect(JSON.stringify(log)).not.toContain(code)
  })

  test('whose claim was mistyped asks with the right one as soon as it is there', async () => {
    await openOffice()
    putClaim('00000-00000-00000-00000-00000-0')
    startUnit()
    await until(() => eventsOf('identity.trouble').length > 0)
    expect(eventsOf('identity.trouble')[0]).toMatchObject({ fault: 'authority-refused' })
    putClaim((await authority.claim({ site: SITE })).code)
    await until(() => states().at(-1) === 'current')
  })

  test('in 1970 enrols too, by the time that the authority signs', async () => {
    await openOffice()
    putClaim((await authority.claim({ site: SITE })).code)
    startUnit({ wallMs: () => 0 })
    await until(() => states().at(-1) === 'current')
    expect(eventsOf('clock.estimated')).toHaveLength(1)
  })
})

describe('a unit with a certificate', () => {
  test('renews it at two thirds of its life, and its agent goes on all the while', async () => {
    const before = await enrolledAgo(118)
    const bearer = bearerOf(before)
    now = (bearer ? renewalMs(bearer) : 0) - CONNECTED_WITHIN_MS
    startUnit()
    await until(() => connections() === 1)
    expect(states()).toEqual(['current'])
    await until(() => connections() === 2 && states().at(-1) === 'current')
    expect(certificate().serialNumber).not.toBe(before.serialNumber)
    expect(certificate().publicKey.equals(before.publicKey)).toBe(true)
    expect(Date.parse(certificate().validTo)).toBeGreaterThan(now + 170 * DAY_MS)
    expect(eventsOf('agent.started')).toHaveLength(1)
    expect(eventsOf('uplink.lost')).toEqual([])
  })

  test('does not renew it sooner', async () => {
    const before = await enrolledAgo(100)
    startUnit()
    await until(() => connections() === 1)
    expect(states()).toEqual(['current'])
    expect(certificate().serialNumber).toBe(before.serialNumber)
  })

  test('that lay in a drawer for 390 days, with its clock at 1970, comes back by itself', async () => {
    const before = await enrolledAgo(390)
    await closeOffice()
    await openOffice()
    startUnit({ wallMs: () => 0 })
    await until(() => certificate().serialNumber !== before.serialNumber)
    await until(() => states().at(-1) === 'current' && connections() === 1)
    expect(eventsOf('clock.estimated')).toHaveLength(1)
    expect(certificate().publicKey.equals(before.publicKey)).toBe(true)
  })

  test('that is revoked does not come in again, and says why it may not renew', async () => {
    await openOffice()
    putClaim((await authority.claim({ unit: UNIT, site: SITE })).code)
    startUnit()
    await until(() => states().at(-1) === 'current' && connections() === 1)
    await authority.office('POST', '/revocations', { unit: UNIT, reason: 'stolen', by: 'jeanne' })
    await revocations.take((await authority.ask('/crl.pem')).body)
    expect(broker.cutRevoked()).toBe(1)
    await until(() => eventsOf('identity.trouble').some(({ detail }) => String(detail).includes('certificate-revoked')))
    expect(eventsOf('uplink.lost').length).toBeGreaterThan(0)
    expect(connections()).toBe(1)
    expect(kept('revoked.json')).toMatchObject({ serial: certificate().serialNumber })
  })

  test('Y11: whom a broker does not let in knows from the authority alone that it is revoked, and no more once it is enrolled anew', async () => {
    await enrolledAgo(20)
    const { port } = broker
    await broker.stop()
    const material = await brokerMaterial()
    broker = await createBroker(
      { log: pino({ level: 'silent' }), revocations: { isRevoked: () => true } },
      { host: '127.0.0.1', port, ...material },
    )
    startUnit()
    // The broker turned it away and the authority gave it another certificate: nothing was taken back.
    await until(() => states().includes('pending') && eventsOf('uplink.lost').length > 3)
    expect(existsSync(identity('revoked.json'))).toBe(false)
    await broker.stop()
    broker = await createBroker(
      { log: pino({ level: 'silent' }), revocations },
      { host: '127.0.0.1', port, ...material },
    )
    await until(() => connections() > 0)
    await authority.office('POST', '/revocations', { unit: UNIT, reason: 'stolen', by: 'jeanne' })
    await revocations.take((await authority.ask('/crl.pem')).body)
    broker.cutRevoked()
    await until(() => existsSync(identity('revoked.json')))
    putClaim((await authority.claim({ unit: UNIT, site: SITE })).code)
    const before = connections()
    await until(() => connections() > before && states().at(-1) === 'current')
    expect(existsSync(identity('revoked.json'))).toBe(false)
  })

  test('whose new certificate the broker does not take goes on with the old one', async () => {
    const before = await enrolledAgo(125)
    const { port } = broker
    await broker.stop()
    const isRevoked = ({ serialNumber }: { serialNumber: string }) => serialNumber !== before.serialNumber
    const material = await brokerMaterial()
    const deps = { log: pino({ level: 'silent' }), revocations: { isRevoked } }
    broker = await createBroker(deps, { host: '127.0.0.1', port, ...material })
    startUnit()
    await until(() => states().at(-1) === 'current' && states().includes('pending') && connections() > 0)
    expect(eventsOf('uplink.lost').length).toBeGreaterThanOrEqual(3)
    expect(certificate().serialNumber).toBe(before.serialNumber)
    expect(readdirSync(identity(''))).toEqual(['current.json'])
  })

  test('follows the authority to its next generation, and then believes a broker that knows no other', async () => {
    const before = await enrolledAgo(125)
    await authority.stop()
    await addNextGeneration(join(authority.folder, 'authority'), TRIAL_PASSPHRASES, TRIAL_PASSPHRASES.root, now)
    authority = await startTrialAuthority({ folder: authority.folder, now: () => now })
    startUnit()
    await until(() => states().at(-1) === 'current' && certificate().serialNumber !== before.serialNumber)
    expect(certificate().issuer).not.toBe(before.issuer)
    const { port } = broker
    await broker.stop()
    const newest = readFileSync(authority.files.root(2), 'utf8')
    const material = { ...(await brokerMaterial()), ca: newest }
    const already = connections()
    broker = await createBroker({ log: pino({ level: 'silent' }) }, { host: '127.0.0.1', port, ...material })
    await until(() => connections() > already)
    expect(eventsOf('agent.started')).toHaveLength(1)
  })
})
