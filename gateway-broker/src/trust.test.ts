import { X509Certificate } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestAuthority } from '@vigie/tests/conformance/mqtt-party'
import { makeRevocationList } from '@vigie/tests/fixtures/revocation-list'
import { until } from '@vigie/tests/fixtures/until'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nameOfCertificate } from './revocation/revocations.ts'
import { readTlsMaterial } from './settings.ts'
import { createTrust, type Trust } from './trust.ts'

type Authority = Awaited<ReturnType<typeof createTestAuthority>>
let authority: Authority
let folder: string
let log: Record<string, unknown>[]
let files: { caFile: string; certificateFile: string; keyFile: string }
let office: { server: Server; url: string; asked: (string | undefined)[]; list: Buffer | null }
const stopping: AbortController[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-trust-'))
  authority = await createTestAuthority([{ site: 'col-d-allos', unit: 'vg-0001' }])
  files = { caFile: join(folder, 'ca.crt'), certificateFile: join(folder, 'b.crt'), keyFile: join(folder, 'b.key') }
  copyFileSync(authority.caFile, files.caFile)
  copyFileSync(authority.broker.certificateFile, files.certificateFile)
  copyFileSync(authority.broker.keyFile, files.keyFile)
  log = []
  office = await openOffice()
})
afterEach(() => {
  for (const stop of stopping.splice(0)) stop.abort()
  office.server.close()
  authority.remove()
  rmSync(folder, { recursive: true })
})

/** Gives the list with an ETag that is its number of bytes and its last one; 503 while there is none. */
async function openOffice(): Promise<typeof office> {
  const server = createServer((request, response) => {
    const { list } = office
    office.asked.push(request.headers['if-none-match'])
    const etag = list === null ? '' : `"${list.toString('base64').slice(-12)}"`
    if (list === null) response.writeHead(503).end()
    else if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.writeHead(200, { etag }).end(list)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listens on TCP
  return { server, url: `http://127.0.0.1:${port}/crl`, asked: [], list: null }
}

function open(more: { crlUrl?: string; crlFile?: string }, now = Date.now): Trust {
  const settings = { ...files, ...more }
  const logger = pino({ base: null, messageKey: 'event' }, { write: (line: string) => void log.push(JSON.parse(line)) })
  return createTrust(settings, readTlsMaterial(settings), { log: logger, now, everyMs: 5 })
}
/** Follows as main does; gives what the broker was told. */
function follow(trust: Trust): { cuts: () => number; changes: () => number } {
  const told = { cuts: 0, changes: 0 }
  const stop = new AbortController()
  stopping.push(stop)
  const broker = { cutRevoked: () => ++told.cuts, changeTls: () => void told.changes++ }
  void trust.follow(broker, stop.signal)
  return { cuts: () => told.cuts, changes: () => told.changes }
}
const listOf = (number: number, ...units: string[]) =>
  makeRevocationList(
    { certificateFile: authority.caFile, keyFile: join(authority.folder, 'ca.key') },
    { number, revoked: units.map((unit) => authority.unit(unit).certificateFile) },
  )
const unit = () =>
  nameOfCertificate(new X509Certificate(readFileSync(authority.unit('vg-0001').certificateFile)).toLegacyObject())
const eventsOf = (name: string) => log.filter(({ event }) => event === name)

test('a revocation in the list of the authority is known at the next look, and the broker is told to cut', async () => {
  office.list = await listOf(1)
  const trust = open({ crlUrl: office.url })
  await trust.lookFirst(AbortSignal.timeout(5_000))
  const told = follow(trust)
  await until(() => office.asked.length > 3)
  expect(office.asked.slice(1).every((etag) => etag !== undefined)).toBe(true)
  expect(told.cuts()).toBe(0)
  office.list = await listOf(2, 'vg-0001')
  await until(() => told.cuts() === 1)
  expect(trust.revocations.isRevoked(unit())).toBe(true)
})

test('an authority that is away, or answers with rubbish, changes nothing and is said once', async () => {
  office.list = await listOf(2, 'vg-0001')
  const trust = open({ crlUrl: office.url })
  await trust.lookFirst(AbortSignal.timeout(5_000))
  follow(trust)
  office.list = null
  await until(() => eventsOf('trust.stands-still').length === 1)
  office.list = Buffer.from('<html>')
  await until(() => eventsOf('trust.stands-still').length === 2)
  const asked = office.asked.length
  await until(() => office.asked.length > asked + 3)
  expect(eventsOf('trust.stands-still').map(({ problem }) => problem)).toEqual(['answered 503', 'not-a-list'])
  expect(trust.revocations.isRevoked(unit())).toBe(true)
  office.list = await listOf(3)
  await until(() => eventsOf('trust.well-again').length === 1)
  expect(trust.revocations.isRevoked(unit())).toBe(false)
})

test('a broker that starts while the authority is away goes by the list that it kept', async () => {
  const crlFile = join(folder, 'last.crl')
  office.list = await listOf(1, 'vg-0001')
  await open({ crlUrl: office.url, crlFile }).lookFirst(AbortSignal.timeout(5_000))
  office.list = null
  const again = open({ crlUrl: office.url, crlFile })
  await again.lookFirst(AbortSignal.timeout(5_000))
  expect(again.revocations.isRevoked(unit())).toBe(true)
})

test('a list that cannot be kept on the disk cuts who it revokes all the same', async () => {
  const crlFile = join(folder, 'last.crl')
  office.list = await listOf(1)
  const trust = open({ crlUrl: office.url, crlFile })
  await trust.lookFirst(AbortSignal.timeout(5_000))
  const told = follow(trust)
  mkdirSync(`${crlFile}.half`)
  office.list = await listOf(2, 'vg-0001')
  await until(() => told.cuts() === 1)
  expect(trust.revocations.isRevoked(unit())).toBe(true)
  expect(eventsOf('trust.stands-still')).toMatchObject([{ what: 'revocation-list-file' }])
})

test('a list in a file is taken as it stands there, and again when it changes', async () => {
  const crlFile = join(folder, 'crl.der')
  writeFileSync(crlFile, await listOf(1))
  const trust = open({ crlFile })
  await trust.lookFirst(AbortSignal.timeout(5_000))
  const told = follow(trust)
  writeFileSync(crlFile, await listOf(2, 'vg-0001'))
  await until(() => told.cuts() === 1)
  expect(trust.revocations.isRevoked(unit())).toBe(true)
})

test('says that the next list is overdue, and goes by the last one', async () => {
  const signer = { certificateFile: authority.caFile, keyFile: join(authority.folder, 'ca.key') }
  const revoked = [authority.unit('vg-0001').certificateFile]
  office.list = await makeRevocationList(signer, { number: 1, revoked, now: Date.now() - 7_200_000 })
  const trust = open({ crlUrl: office.url })
  await trust.lookFirst(AbortSignal.timeout(5_000))
  expect(eventsOf('trust.stands-still')).toMatchObject([{ what: 'revocation-list-age' }])
  expect(trust.revocations.isRevoked(unit())).toBe(true)
})

test('cut off from the authority, also since its start, says that the list it kept is overdue', async () => {
  const crlFile = join(folder, 'last.crl')
  let nowMs = Date.now()
  office.list = await listOf(1, 'vg-0001')
  const first = open({ crlUrl: office.url, crlFile }, () => nowMs)
  await first.lookFirst(AbortSignal.timeout(5_000))
  follow(first)
  office.list = null
  nowMs += 30 * 86_400_000
  const ofAge = () => eventsOf('trust.stands-still').filter(({ what }) => what === 'revocation-list-age')
  await until(() => ofAge().length === 1)
  stopping.pop()?.abort()
  const again = open({ crlUrl: office.url, crlFile }, () => nowMs)
  await again.lookFirst(AbortSignal.timeout(5_000))
  expect(ofAge()).toHaveLength(2)
  expect(again.revocations.isRevoked(unit())).toBe(true)
})

test('a certificate that is replaced in its files is taken on once both fit, and never half', async () => {
  const next = await createTestAuthority([])
  const trust = open({})
  const told = follow(trust)
  copyFileSync(next.broker.keyFile, files.keyFile)
  await until(() => eventsOf('trust.stands-still').length === 1)
  expect(told.changes()).toBe(0)
  copyFileSync(next.broker.certificateFile, files.certificateFile)
  await until(() => told.changes() === 1)
  expect(trust.tls().certificate).toBe(readFileSync(next.broker.certificateFile, 'utf8'))
  next.remove()
})

test('says once that its certificate ends within a month, and nothing more of it once another one is there', async () => {
  const endsAt = Date.parse(new X509Certificate(readFileSync(files.certificateFile)).validTo)
  let now = endsAt - 31 * 86_400_000
  const trust = open({}, () => now)
  await trust.lookFirst(AbortSignal.timeout(5_000))
  expect(eventsOf('trust.certificate-ends')).toEqual([])
  now += 2 * 86_400_000
  const told = follow(trust)
  await until(() => eventsOf('trust.certificate-ends').length === 1)
  now = Date.now()
  const next = await createTestAuthority([])
  copyFileSync(next.broker.keyFile, files.keyFile)
  copyFileSync(next.broker.certificateFile, files.certificateFile)
  await until(() => told.changes() === 1)
  expect(eventsOf('trust.certificate-ends')).toMatchObject([{ endsAt: new Date(endsAt).toISOString() }])
  next.remove()
})
