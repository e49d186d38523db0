import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { openTrialBox, type TrialBox } from '@vigie/tests/fixtures/museum/trial-box'
import { createTrialSigner, OPEN_AT_MS, SITE } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { until } from '@vigie/tests/fixtures/until'
import { monotonicFactory } from 'ulid'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLaneDoers } from './lane-doers.ts'
import { probeReaders } from './probe-readers.ts'

const newId = monotonicFactory() as () => ItemId // it makes ULIDs
const began = performance.now()
const time = {
  now: () => OPEN_AT_MS + Math.round(performance.now() - began),
  monotonicMs: () => performance.now(),
  state: () => 'synchronised' as const,
}
let folder: string
let open: () => Promise<TrialBox>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-lane-doers-'))
  const signedAt = { now: () => Math.min(Date.now(), OPEN_AT_MS) }
  const authority = await createDevelopmentAuthority({ folder, units: [{ site: SITE, unit: 'vg-tripod1' }] }, signedAt)
  const signer = await createTrialSigner(folder)
  open = () => openTrialBox({ folder, authority, signer, now: time.now })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let box: TrialBox
let doers: ReturnType<typeof createLaneDoers>
beforeEach(async () => {
  box = await open()
  const find = (lane: string) =>
    box
      .box()
      .crew()
      .find(({ id }) => id === lane)
  doers = createLaneDoers({ lanes: { find, box: box.box }, time, newId })
})
afterEach(() => box.stop().catch(() => undefined))

const asked = () => ({ id: newId(), signal: new AbortController().signal, by: 'p-1', issuedAtMs: time.now() })
const mode = () => box.work().atWork.state().mode

test('opens once in the name of whoever asked, with the reason, and not while somebody is let in', async () => {
  const order = { name: 'open-lane', lane: box.lane, reason: 'poussette' } as const
  expect(doers['open-lane'].run(order, asked())).toEqual({ step: 'done' })
  expect(doers['open-lane'].run(order, asked())).toEqual({ step: 'refused', reason: 'lane-busy' })
  await box.desk.freed(1)
  await box.desk.walk()
  await box.isLocked()
  await box.stop()
  const rows = box.rows().filter(({ body }) => body.kind !== 'lane')
  expect(rows[0]?.body).not.toHaveProperty('forced') // no override of a ticket, and none of the day's few
  expect(rows.map(({ body }) => body)).toMatchObject([
    { kind: 'decision', by: 'p-1', ticket: null, reason: 'poussette' },
    { kind: 'passage', decision: rows[0]?.id, of: 'staff' },
  ])
})

test('G15: turns freely until a time, and a lane out of service stays so over a new start of the box', async () => {
  const untilAt = new Date(time.now() + 3_600_000).toISOString()
  doers['free-rotation'].run(
    { name: 'free-rotation', lane: box.lane, on: true, until: untilAt, reason: 'classe' },
    asked(),
  )
  await until(() => mode() === 'free')
  doers['free-rotation'].run({ name: 'free-rotation', lane: box.lane, on: false }, asked())
  await until(() => mode() === 'locked')
  doers['out-of-service'].run({ name: 'out-of-service', lane: box.lane, on: true, reason: 'panne' }, asked())
  expect(doers['open-lane'].run({ name: 'open-lane', lane: box.lane }, asked())).toMatchObject({ reason: 'lane-out' })
  const stopped = box.restart()
  await until(() => mode() === 'out-of-service')
  void stopped.catch(() => undefined) // it waits for a lane that is locked
  doers['out-of-service'].run({ name: 'out-of-service', lane: box.lane, on: false }, asked())
  await stopped
})

test('refuses a lane that is none of the box', () => {
  expect(doers['out-of-service'].refusal?.({ name: 'out-of-service', lane: 'autre' as never, on: true })).toBe(
    'lane-absent',
  )
})

test('a probe of the readers says which are there and when each was last used, and nothing of a code', async () => {
  const before = probeReaders(box.box().crew(), time)
  expect(before).toEqual({
    of: 'reader',
    readers: [{ lane: box.lane, direction: 'in', isWorking: true, lastScanAgoS: null }],
  })
  await box.show('what is no ticket')
  const after = probeReaders(box.box().crew(), time)
  expect(after.readers[0]?.lastScanAgoS).toBeGreaterThanOrEqual(0)
  expect(JSON.stringify(after)).not.toContain('ticket')
})
