import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import mqtt from 'mqtt'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AuthorityProcess, startAuthorityProcess } from './authority-process.ts'
import { startMosquitto } from './broker-processes.ts'

/*
 * Our authority, as the process that runs in production, asked by an EST client that nobody here wrote (strongSwan's), and
 * its certificates and lists judged by OpenSSL, Mosquitto and Node.
 */
const SITE = 'col-d-allos'
/** Another in each test: what one revokes is not the other's. */
let unit: string
let count = 0
let folder: string
let authority: AuthorityProcess

beforeAll(async () => {
  if (spawnSync('pki', ['--version']).error !== undefined) {
    throw new Error('strongSwan is not installed: apt-get install --no-install-recommends strongswan-pki libcurl4')
  }
  folder = mkdtempSync(join(tmpdir(), 'vigie-enrolment-'))
  authority = await startAuthorityProcess(folder)
})
afterAll(async () => {
  await authority?.stop()
  rmSync(folder, { recursive: true })
})

beforeEach(() => {
  count += 1
  unit = `vg-000${count}`
})

const path = (name: string) => join(folder, name)

/** Runs a program in the folder without blocking this process, which serves nothing itself; gives what it printed. */
const run = (file: string, args: string[], input?: Buffer) =>
  execFileSync(file, args, { cwd: folder, timeout: 30_000, stdio: ['pipe', 'pipe', 'pipe'], ...(input && { input }) })

const pki = (...args: string[]) => run('pki', args)

/** A key and a request made by strongSwan, as a box of another make would. */
function makeRequest(name: string, subject: string): void {
  writeFileSync(path(`${name}.key`), pki('--gen', '--type', 'ecdsa', '--size', '256', '--outform', 'pem'))
  const request = ['--req', '--type', 'ecdsa', '--in', `${name}.key`, '--dn', subject, '--outform', 'pem']
  writeFileSync(path(`${name}.csr`), pki(...request))
}

function enrol(name: string, code: string): void {
  const credential = ['--userpass', `${unit}:${code}`]
  const args = ['--est', '--url', authority.url, '--cacert', authority.roots, '--in', `${name}.csr`, ...credential]
  writeFileSync(path(`${name}.crt`), pki(...args, '--outform', 'pem'))
}

async function enrolled(name: string): Promise<X509Certificate> {
  const { code } = await authority.claim({ unit, site: SITE })
  makeRequest(name, `CN=${unit}`)
  enrol(name, code)
  return new X509Certificate(readFileSync(path(`${name}.crt`)))
}

const revocationList = async () => {
  const list = await authority.ask('/crl.pem')
  writeFileSync(path('lists.pem'), list.body)
  return path('lists.pem')
}

/** Of a PEM with several lists Node reads the first alone: it is given one by one. */
const eachList = async () =>
  readFileSync(await revocationList(), 'utf8').match(/-----BEGIN X509 CRL-----[\s\S]+?-----END X509 CRL-----/g) ?? []

describe("strongSwan's EST client", () => {
  test('reads the authorities, enrols with a claim, and renews with the certificate that it got', async () => {
    pki('--estca', '--url', authority.url, '--cacert', authority.roots, '--caout', 'ca', '--outform', 'pem', '--force')
    expect([existsSync(path('ca')), existsSync(path('ca-1')), existsSync(path('ca.pem'))]).toContain(true)

    const first = await enrolled('box')
    expect(first.subject).toBe(`CN=${unit}\nOU=${SITE}`)

    makeRequest('next', `OU=${SITE}, CN=${unit}`)
    const pair = ['--cert', 'box.crt', '--key', 'box.key']
    const args = ['--est', '--url', authority.url, '--cacert', authority.roots, '--in', 'next.csr', ...pair]
    writeFileSync(path('next.crt'), pki(...args, '--cacert', authority.issuing, '--outform', 'pem'))
    const second = new X509Certificate(readFileSync(path('next.crt')))
    expect(second.subject).toBe(first.subject)
    expect(second.serialNumber).not.toBe(first.serialNumber)
  })

  test('gets nothing with a claim that somebody else has used', async () => {
    const { code } = await authority.claim({ unit, site: SITE })
    makeRequest('box', `CN=${unit}`)
    enrol('box', code)
    makeRequest('thief', `CN=${unit}`)
    expect(() => enrol('thief', code)).toThrow()
  })
})

describe('what the authority signs', () => {
  const verify = (...args: string[]) =>
    spawnSync('openssl', ['verify', '-x509_strict', ...args, '-CAfile', authority.trust, 'box.crt'], {
      cwd: folder,
      encoding: 'utf8',
    })

  test('passes openssl with its strict rules, every link checked against a list; once revoked it does not', async () => {
    await enrolled('box')
    const lists = await revocationList()
    const checks = ['-purpose', 'sslclient', '-crl_check', '-crl_check_all', '-CRLfile', lists]
    expect(verify(...checks)).toMatchObject({ stdout: 'box.crt: OK\n', status: 0 })

    await authority.office('POST', '/revocations', { unit, reason: 'stolen', by: 'essai' })
    await revocationList()
    expect(verify(...checks).stderr).toMatch(/certificate revoked/)
  })

  test('reads as a list of the right issuer, number and dates', async () => {
    const der = (await authority.ask('/crl')).body
    const text = run('openssl', ['crl', '-inform', 'der', '-noout', '-text'], der).toString()
    expect(text).toMatch(/Issuer:.*Vigie issuing 1/)
    expect(text).toMatch(/X509v3 CRL Number:\s+\d+/)
    expect(text).toMatch(/Authority Key Identifier/)
    const check = ['crl', '-inform', 'der', '-noout', '-CAfile', authority.trust]
    expect(spawnSync('openssl', check, { input: der, encoding: 'utf8' }).stderr).toMatch(/verify OK/)
  })

  test('keeps keys that openssl opens with the passphrase, and with none but it', () => {
    const open = (passphrase: string) =>
      spawnSync('openssl', ['pkey', '-in', authority.issuingKey, '-passin', `pass:${passphrase}`, '-noout'])
    expect(open(authority.passphrase).status).toBe(0)
    expect(open('une autre phrase').status).not.toBe(0)
    expect(readFileSync(authority.issuingKey, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/)
  })

  test('is taken by Mosquitto, which cuts off a revoked unit at its next connection', async () => {
    await enrolled('box')
    const broker = await authority.issue('broker', ['localhost', '127.0.0.1'])
    const lists = await revocationList()
    const meet = async () => {
      const options = ['use_username_as_clientid true', `crlfile ${lists}`]
      const mosquitto = await startMosquitto({ caFile: authority.trust, broker }, undefined, options)
      try {
        await connectUnit(mosquitto.port)
      } finally {
        await mosquitto.stop()
      }
    }
    await meet()
    await authority.office('POST', '/revocations', { unit, reason: 'lost', by: 'essai' })
    await revocationList()
    await expect(meet()).rejects.toThrow(/revoked|reset|closed|alert/i)
  })

  test('is taken by a TLS server of Node with the lists, which knows a revoked unit as such', async () => {
    await enrolled('box')
    const broker = await authority.issue('broker', ['localhost', '127.0.0.1'])
    /** What the server says of the client's certificate; null: it is good. */
    const meet = async (): Promise<string | null> => {
      const server = createServer({
        ...{ cert: readFileSync(broker.certificateFile), key: readFileSync(broker.keyFile) },
        ...{ ca: readFileSync(authority.trust), crl: await eachList() },
        // With true it would end the connection without a word of why.
        ...{ requestCert: true, rejectUnauthorized: false },
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo // listening on TCP
      const met = once(server, 'secureConnection') as Promise<[TLSSocket]> // the event's own type
      const client = connect({ ...unitPair(), host: '127.0.0.1', port })
      try {
        const [[seen]] = await Promise.all([met, once(client, 'secureConnect')])
        return seen.authorized ? null : String(seen.authorizationError)
      } finally {
        client.destroy()
        server.close()
      }
    }
    expect(await meet()).toBeNull()
    await authority.office('POST', '/revocations', { unit, reason: 'stolen', by: 'essai' })
    expect(await meet()).toBe('CERT_REVOKED')
  })
})

/** The box trusts roots alone: everything below them is sent to it. */
const unitPair = () => ({
  ...{ cert: readFileSync(path('box.crt')), key: readFileSync(path('box.key')) },
  ...{ ca: readFileSync(authority.roots), servername: 'localhost' },
})

async function connectUnit(port: number): Promise<void> {
  const options = { ...unitPair(), clientId: unit, protocolVersion: 4 as const, reconnectPeriod: 0 }
  const client = mqtt.connect(`mqtts://127.0.0.1:${port}`, options)
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('error', reject)
      client.once('close', () => reject(new Error('closed')))
    })
  } finally {
    await client.endAsync(true)
  }
}
