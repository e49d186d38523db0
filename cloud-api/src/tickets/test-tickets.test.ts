import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decide } from '@vigie/contract/gate/decide'
import { NO_HISTORY } from '@vigie/contract/gate/history'
import type { LaneId } from '@vigie/contract/ids'
import { createPresent } from '@vigie/contract/present'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NOON } from '../http/trial-cloud.fixture.ts'
import { cataloguesNow } from './catalogue.ts'
import { openTrialMuseum, PREHISTOIRE, SALAGON, type TrialMuseum } from './trial-museum.fixture.ts'

const run = promisify(execFile)
let museum: TrialMuseum
let folder: string
beforeAll(async () => {
  museum = await openTrialMuseum()
  folder = await mkdtemp(join(tmpdir(), 'vigie-essai-'))
})
afterAll(async () => {
  await museum.close()
  await rm(folder, { recursive: true })
})

/** What a lane that visitors use, or one that is being tried out, answers to a code. */
async function answerOf(code: string, isOnTrial: boolean) {
  const [catalogue] = await cataloguesNow({ store: museum.store }, NOON)
  if (catalogue === undefined) throw new Error('no catalogue')
  return decide({
    ...{ presented: createPresent(() => false)(code, catalogue), catalogue, feed: null, history: NO_HISTORY },
    lane: { id: 'tripode1' as LaneId, bits: 1, isInService: true, openFor: null, isOnTrial },
    ...{ clock: { nowMs: NOON, state: 'synchronised' }, occupancy: null },
    request: { direction: 'in', nonce: 'one-question', listAge: { feed: 0, seconds: 0 } },
  })
}

test('K12: a technician makes a ticket that every lane reads and verifies, and refuses as a test', async () => {
  const technician = await museum.desk('technician')
  const { status, body } = await technician.post(`${SALAGON}/test-tickets`, {})
  expect(status).toBe(201)
  expect(body).toMatchObject({ number: 'E000001', day: '2026-11-22' })
  expect(await answerOf(body.code, false)).toMatchObject({
    ...{ outcome: 'invalid', detail: 'test-ticket', persons: 0, ticket: body.id, canBeForced: false },
  })
  expect(await answerOf(body.code, true)).toMatchObject({ outcome: 'ok', persons: 1 })
})

test('D07: a test ticket takes no number of the museum, is in no report, and stands in the audit trail', async () => {
  const supervisor = await museum.desk('supervisor')
  const before = (await supervisor.get(`${SALAGON}/days/today`)).body
  await supervisor.post(`${SALAGON}/test-tickets`, {})
  expect((await supervisor.get(`${SALAGON}/days/today`)).body).toEqual(before)
  expect((await supervisor.sell()).body.tickets).toMatchObject([{ number: 'S000001' }])
  const [row] = await museum.store.audit.search({ action: 'ticket.test-made', limit: 1 })
  expect(row).toMatchObject({ site: 'musee-salagon', what: '2' })
})

test('K12: on paper and on a telephone it says large that it is a test, and is read by a scanner that nobody here wrote', async () => {
  const technician = await museum.desk('technician')
  const { body } = await technician.post(`${SALAGON}/test-tickets`, {})
  for (const format of ['a4', 'phone']) {
    const { status, bytes } = await technician.get(`${SALAGON}/test-tickets/${body.id}/ticket.pdf?format=${format}`)
    expect(status).toBe(200)
    const file = join(folder, format)
    await writeFile(`${file}.pdf`, bytes)
    expect((await run('pdftotext', [`${file}.pdf`, '-'])).stdout).toContain('BILLET D’ESSAI')
    await run('pdftoppm', ['-png', '-singlefile', '-r', '100', `${file}.pdf`, file])
    const { stdout } = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${file}.png`])
    expect(stdout.trimEnd()).toBe(body.code)
  }
})

test('nobody else makes one, nor for a museum that is not theirs, nor gets the page of another museum’s', async () => {
  const technician = await museum.desk('technician')
  const { body } = await technician.post(`${SALAGON}/test-tickets`, {})
  expect((await technician.post(`${PREHISTOIRE}/test-tickets`, {})).status).toBe(403)
  expect((await (await museum.desk('gate-staff')).post(`${SALAGON}/test-tickets`, {})).status).toBe(403)
  const other = await museum.desk('technician', ['musee-prehistoire'])
  expect((await other.get(`${PREHISTOIRE}/test-tickets/${body.id}/ticket.pdf`)).status).toBe(404)
})
