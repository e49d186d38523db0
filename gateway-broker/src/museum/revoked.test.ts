import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ItemId } from '@vigie/contract/ids'
import { connectParty, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { GATEWAY, openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { listPem, makeRevocationList } from '@vigie/tests/fixtures/revocation-list'
import { until } from '@vigie/tests/fixtures/until'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readTlsMaterial } from '../settings.ts'
import { createTrust } from '../trust.ts'
import { openLedgerFile } from './ledger/ledger-file.ts'
import { createRowTable } from './ledger/row-table.ts'
import { sha256 } from './ledger/sha256.ts'
import { createMuseum, type Museum } from './museum.ts'
import { readMuseumSettings } from './museum-settings.ts'
import { createOwnAccess } from './own-access.ts'
import { readOwnCertificates } from './own-certificates.ts'
import { runMuseum } from './run-museum.ts'

const LANE = 'vg-tripod1'

let trial: TrialMuseum
beforeAll(async () => {
  trial = await openTrialMuseum()
  await trial.stop()
})
afterAll(() => trial.remove())

let log: Record<string, unknown>[]
let museum: Museum | null
let opened: number
let stopping: AbortController
let running: Promise<void>
let number = 0
const crlFile = () => join(trial.folder, 'list.crl')
const unitFile = (unit: string) => trial.authority.unit(unit).certificateFile

async function revoke(files: readonly string[]): Promise<void> {
  const { caFile } = trial.authority
  number += 1
  const signer = { certificateFile: caFile, keyFile: join(trial.folder, 'ca.key') }
  writeFileSync(crlFile(), listPem(await makeRevocationList(signer, { number, revoked: files })))
}

beforeEach(async () => {
  ;[log, museum, opened, stopping] = [[], null, 0, new AbortController()]
  await revoke([])
  const logger = pino({ base: null, messageKey: 'event' }, { write: (line: string) => void log.push(JSON.parse(line)) })
  const settings = readMuseumSettings({ env: trial.environment({ CRL_FILE: crlFile() }) })
  const trust = createTrust(settings, readTlsMaterial(settings), { log: logger, now: Date.now, everyMs: 30 })
  await trust.lookFirst(stopping.signal)
  const newUlid = monotonicFactory()
  const wait = async (ms: number, signal: AbortSignal) => {
    await pause(Math.min(ms, 30), undefined, { signal }).catch(() => undefined)
  }
  const deps = {
    ...{ log: logger, random: Math.random, newId: () => newUlid() as ItemId, wait },
    clock: { now: trial.now, monotonicMs: () => performance.now() },
    revocations: trust.revocations,
  }
  running = runMuseum(
    {
      async open() {
        museum = await createMuseum(deps, settings, trust.tls())
        opened += 1
        return museum
      },
      access: createOwnAccess(readOwnCertificates(settings), trust.revocations),
      ...{ trust, wait, log: logger },
    },
    stopping.signal,
  )
  await until(() => opened === 1)
})
afterEach(async () => {
  stopping.abort()
  await running
})

const knock = () =>
  connectParty(museum?.broker.port ?? 0, { ...tlsOf(trial.authority, trial.authority.unit(LANE)), clientId: LANE })
const rowsKept = () => museum?.ledger.between(0, Number.MAX_SAFE_INTEGER) ?? []
const has = (event: string) => log.some((line) => line['event'] === event)

describe('Y11: when access is taken back', () => {
  test('of a lane, the gateway lets it in no more, and the staff and the cloud hear whose box knocks', async () => {
    const lane = await knock()
    await revoke([unitFile(LANE)])
    await lane.closed
    await expect(knock()).rejects.toThrow()
    const alarms = rowsKept().filter(({ body }) => body.kind === 'lane' && body.cause === 'unit-revoked')
    expect(alarms).toMatchObject([{ origin: GATEWAY, lane: null, body: { state: 'fault', reason: LANE } }])
  })

  test('of the gateway itself, it shuts its doors, keeps its ledger, and opens again with certificates that are good', async () => {
    await knock()
    const rows = museum?.ledger.append([{ body: { kind: 'correction', inside: 3, by: 'p-1', reason: 'compté' } }])
    const dataFolder = trial.environment()['DATA_FOLDER'] ?? ''
    await revoke([unitFile(GATEWAY)])
    await until(() => has('museum.revoked') && has('museum.stopped'))
    await expect(knock()).rejects.toThrow()
    const file = openLedgerFile(join(dataFolder, 'ledger.sqlite'), { now: Date.now })
    expect(createRowTable(file.database, sha256).byId(String(rows?.[0]?.id))).not.toBeNull()
    file.database.close()
    // As with another certificate, which the list does not name.
    await revoke([])
    await until(() => opened === 2)
    expect(rowsKept().map(({ id }) => id)).toContain(rows?.[0]?.id)
    await knock()
  })
})
