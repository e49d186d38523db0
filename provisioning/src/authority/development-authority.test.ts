import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDevelopmentAuthority } from './development-authority.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()
const units = [{ site: 'col-d-allos', unit: 'vg-0001' }]
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-authority-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const make = (options: Partial<{ units: typeof units }> = {}, now = NOW) =>
  createDevelopmentAuthority({ folder, units, ...options }, { now: () => now })
const certificate = (name: string) => new X509Certificate(readFileSync(join(folder, name)))
const everyFile = () =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )

describe('a new development authority', () => {
  test('names each party in the certificate as the broker reads it, and itself as development', async () => {
    const { made } = await make()
    expect(made).toEqual(['ca', 'broker', 'cloud', 'configuration', 'tickets', 'vg-0001'])
    expect(certificate('units/vg-0001.crt').subject).toBe('CN=vg-0001\nOU=col-d-allos')
    expect(certificate('cloud.crt').subject).toBe('CN=cloud')
    expect(certificate('ca.crt').subject).toContain('O=Vigie development')
    expect(certificate('broker.crt').subjectAltName).toContain('DNS:localhost')
    expect(certificate('broker.crt').subjectAltName).toContain('IP Address:127.0.0.1')
    expect(certificate('broker.crt').subjectAltName).toContain('IP Address:0:0:0:0:0:0:0:1')
  })

  test('issues leaves that only the right kind of party can use', async () => {
    await make()
    expect(certificate('ca.crt').ca).toBe(true)
    for (const name of ['broker.crt', 'cloud.crt', 'units/vg-0001.crt']) {
      expect(certificate(name).ca).toBe(false)
      expect(certificate(name).verify(certificate('ca.crt').publicKey)).toBe(true)
      expect(certificate(name).checkIssued(certificate('ca.crt'))).toBe(true)
    }
    expect(certificate('broker.crt').keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(certificate('units/vg-0001.crt').keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(certificate('configuration.crt').keyUsage).toEqual(['1.3.6.1.5.5.7.3.36'])
    expect(certificate('tickets.crt').keyUsage).toEqual(['1.3.6.1.5.5.7.3.36'])
  })

  test('keeps every key to its owner, as P-256 in PKCS#8', async () => {
    await make()
    for (const name of ['ca', 'broker', 'cloud', 'units/vg-0001']) {
      const file = join(folder, `${name}.key`)
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
      const key = createPrivateKey(readFileSync(file))
      expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
      expect(certificate(`${name}.crt`).checkPrivateKey(key)).toBe(true)
    }
  })

  test('gives certificates valid for 10 years and 397 days, each with its own serial number', async () => {
    await make()
    const days = (name: string) =>
      (Date.parse(certificate(name).validTo) - Date.parse(certificate(name).validFrom)) / DAY_MS
    expect(days('ca.crt')).toBeCloseTo(3652, 3)
    expect(days('units/vg-0001.crt')).toBeCloseTo(397, 3)
    const serials = ['ca.crt', 'broker.crt', 'cloud.crt', 'units/vg-0001.crt'].map(
      (name) => certificate(name).serialNumber,
    )
    expect(new Set(serials).size).toBe(4)
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/)
  })

  test('carries TLS in both directions between the broker and a unit', async () => {
    const { broker, unit, caFile } = await make()
    const pair = (files: { certificateFile: string; keyFile: string }) => ({
      cert: readFileSync(files.certificateFile),
      key: readFileSync(files.keyFile),
      ca: readFileSync(caFile),
    })
    const server = createServer({ ...pair(broker), requestCert: true, rejectUnauthorized: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const met = once(server, 'secureConnection') as Promise<[TLSSocket]> // the event's own type
    const client = connect({
      ...pair(unit('vg-0001')),
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
    }) // listening on TCP
    const [[seen]] = await Promise.all([met, once(client, 'secureConnect')])
    expect(seen.getPeerCertificate().subject).toMatchObject({ CN: 'vg-0001', OU: 'col-d-allos' })
    client.destroy()
    seen.destroy()
    server.close()
  })

  test('passes openssl with its strict rules', async ({ skip }) => {
    if (spawnSync('openssl', ['version']).error) skip('openssl is not installed')
    await make()
    const verify = (purpose: string, name: string) =>
      execFileSync('openssl', ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', 'ca.crt', name], {
        cwd: folder,
        encoding: 'utf8',
      }).trim()
    expect(verify('sslserver', 'broker.crt')).toBe('broker.crt: OK')
    expect(verify('sslclient', 'cloud.crt')).toBe('cloud.crt: OK')
    expect(verify('sslclient', 'units/vg-0001.crt')).toBe('units/vg-0001.crt: OK')
  })
})

describe('calling it again', () => {
  test('changes no byte of what is sound', async () => {
    await make()
    const before = everyFile()
    expect(await make()).toMatchObject({ made: [], renewed: [] })
    expect(everyFile()).toEqual(before)
  })

  test('adds the unit that is missing and leaves the others alone', async () => {
    await make()
    const before = everyFile()
    const { made } = await make({ units: [...units, { site: 'seyne', unit: 'vg-0002' }] })
    expect(made).toEqual(['vg-0002'])
    expect(everyFile()).toMatchObject(before)
  })

  test('renews what expires within 30 days for the same key, so that a unit signs on with it', async () => {
    await make()
    const key = readFileSync(join(folder, 'units/vg-0001.key'), 'utf8')
    const later = NOW + 370 * DAY_MS
    expect(await make({}, later)).toMatchObject({
      made: [],
      renewed: ['broker', 'cloud', 'configuration', 'tickets', 'vg-0001'],
    })
    expect(readFileSync(join(folder, 'units/vg-0001.key'), 'utf8')).toBe(key)
    expect(Date.parse(certificate('units/vg-0001.crt').validTo)).toBeGreaterThan(later + 390 * DAY_MS)
  })

  test('renews an authority near its end for the same key, so that its leaves stay trusted', async () => {
    await make()
    const before = certificate('ca.crt')
    const later = NOW + 3_300 * DAY_MS
    expect((await make({}, later)).renewed).toContain('ca')
    expect(certificate('ca.crt').publicKey.equals(before.publicKey)).toBe(true)
    expect(Date.parse(certificate('ca.crt').validTo)).toBeGreaterThan(later + 3_600 * DAY_MS)
  })

  test('issues a new certificate for a unit that moved to another site', async () => {
    await make()
    expect((await make({ units: [{ site: 'seyne', unit: 'vg-0001' }] })).renewed).toEqual(['vg-0001'])
    expect(certificate('units/vg-0001.crt').subject).toBe('CN=vg-0001\nOU=seyne')
  })

  test('mends a certificate that is torn and a key that is lost', async () => {
    await make()
    writeFileSync(join(folder, 'broker.crt'), readFileSync(join(folder, 'broker.crt')).subarray(0, 100))
    rmSync(join(folder, 'cloud.key'))
    expect(await make()).toMatchObject({ made: ['broker', 'cloud'], renewed: [] })
    const key = createPrivateKey(readFileSync(join(folder, 'cloud.key')))
    expect(certificate('cloud.crt').publicKey.equals(createPublicKey(key))).toBe(true)
  })

  test('never replaces an authority whose key is missing, which would disown every certificate', async () => {
    await make()
    const before = readFileSync(join(folder, 'ca.crt'))
    rmSync(join(folder, 'ca.key'))
    await expect(make()).rejects.toMatchObject({ code: 'authority-incomplete' })
    expect(readFileSync(join(folder, 'ca.crt'))).toEqual(before)
  })
})

test('writes nowhere outside its folder, whatever a unit is called', async () => {
  await expect(make({ units: [{ site: 'seyne', unit: '../../evil' }] })).rejects.toMatchObject({
    code: 'name-not-usable',
  })
})
