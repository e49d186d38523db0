import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import {
  type CertificateFiles,
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverProblem } from './server-trust.ts'

const YEAR_MS = 365 * 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'vigie-trust-'))
const authorities = {} as Record<'today' | 'inTenYears' | 'tenYearsAgo' | 'stranger', DevelopmentAuthority>
/** This machine's clock is right: certificates of another decade stand for a clock of another decade. */
beforeAll(async () => {
  const make = (name: string, aheadMs: number) =>
    createDevelopmentAuthority(
      { folder: join(folder, name), units: [{ site: 'allos', unit: 'vg-0001' }] },
      { now: () => Date.now() + aheadMs },
    )
  authorities.today = await make('today', 0)
  authorities.inTenYears = await make('future', 10 * YEAR_MS)
  authorities.tenYearsAgo = await make('past', -10 * YEAR_MS)
  authorities.stranger = await make('stranger', 10 * YEAR_MS)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a unit finds wrong with a server that shows these certificates. */
async function problemWith(
  shown: CertificateFiles,
  { caFile }: DevelopmentAuthority,
  { nowMs = Date.now(), host = '127.0.0.1' } = {},
): Promise<string | null> {
  const server = createServer({ cert: readFileSync(shown.certificateFile), key: readFileSync(shown.keyFile) })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listens on TCP
  const ca = readFileSync(caFile, 'utf8')
  const socket = connect({ host: '127.0.0.1', port, ca, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect')
    return serverProblem(socket, { ca, host, nowMs })
  } finally {
    socket.destroy()
    server.close()
  }
}

test('believes the broker of its authority', async () => {
  const { today } = authorities
  expect(await problemWith(today.broker, today)).toBeNull()
})

test('believes a broker whose certificate is not valid yet by a wall clock that lags behind', async () => {
  const { inTenYears } = authorities
  expect(await problemWith(inTenYears.broker, inTenYears)).toBeNull()
})

test('judges the end of a certificate by honest time, not by the wall clock', async () => {
  const { today, tenYearsAgo } = authorities
  expect(await problemWith(tenYearsAgo.broker, tenYearsAgo)).toBe('CERT_HAS_EXPIRED')
  expect(await problemWith(tenYearsAgo.broker, tenYearsAgo, { nowMs: Date.now() - 10 * YEAR_MS })).toBeNull()
  expect(await problemWith(today.broker, today, { nowMs: Date.now() + 30 * YEAR_MS })).toBe('CERT_HAS_EXPIRED')
})

test('does not believe another authority, another name or a unit, whatever the date', async () => {
  const { today, inTenYears, stranger } = authorities
  expect(await problemWith(stranger.broker, inTenYears)).not.toBeNull()
  expect(await problemWith(stranger.broker, today)).not.toBeNull()
  expect(await problemWith(inTenYears.broker, inTenYears, { host: 'broker.example' })).toBe('HOSTNAME_MISMATCH')
  expect(await problemWith(inTenYears.unit('vg-0001'), inTenYears)).toBe('CERT_NOT_FOR_SERVERS')
  expect(await problemWith(today.unit('vg-0001'), today)).not.toBeNull()
})
