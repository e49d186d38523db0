import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import {
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import { createDeskLane } from '@vigie/tests/fakes/gate/desk-lane'
import { openTrialBox, type TrialBox } from '@vigie/tests/fixtures/museum/trial-box'
import { createTrialSigner, OPEN_AT_MS, SITE } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { until } from '@vigie/tests/fixtures/until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LaneDevices } from './lane-work.ts'

const HOUR_MS = 3_600_000
const [A, B] = ['00000000000000a1', '00000000000000a2'] as const

let folder: string
let authority: DevelopmentAuthority
let signer: Awaited<ReturnType<typeof createTrialSigner>>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-lane-box-'))
  const now = () => Math.min(Date.now(), OPEN_AT_MS)
  authority = await createDevelopmentAuthority({ folder, units: [{ site: SITE, unit: 'vg-tripod1' }] }, { now })
  signer = await createTrialSigner(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const began = performance.now()
/** How far the wall clock is ahead of where it began. */
let nowMs = 0
const now = () => OPEN_AT_MS + nowMs + Math.round(performance.now() - began)
let box: TrialBox
let clock: 'synchronised' | 'unknown'
beforeEach(async () => {
  ;[clock, nowMs] = ['synchronised', 0]
  box = await openTrialBox({ folder, authority, signer, now, clock: () => clock })
  box.giveCatalogue()
})
afterEach(() => box.stop().catch(() => undefined))

const kindsOf = (rows: readonly Row[]) => rows.map(({ body }) => body.kind)
const outcomes = () => box.decisions().map(({ outcome }) => outcome)
/** What of the ledger is about tickets and people. */
async function rowsKept(): Promise<Row[]> {
  await box.stop()
  return box.rows().filter(({ body }) => body.kind !== 'lane')
}

describe('a lane', () => {
  test('R01, G03: lets in who holds a good ticket: one row before the arm is released, one when they are through', async () => {
    await box.admit(signer.ticket(A))
    await box.stop()
    const rows = box.rows().filter(({ body }) => body.kind !== 'lane')
    expect(rows.map(({ body }) => body)).toMatchObject([
      { kind: 'decision', outcome: 'ok', ticket: A, persons: 1, listAge: { feed: 0, seconds: null } },
      { kind: 'passage', decision: rows[0]?.id, of: 'grant' },
    ])
  })

  test('is not ready before its reader is open, and says so', async () => {
    await box.stop()
    const desk = createDeskLane()
    let plugIn: () => void = () => undefined
    const isPluggedIn = new Promise<void>((resolve) => {
      plugIn = resolve
    })
    const devices: LaneDevices = {
      ...desk.devices,
      openLine: (...line) => isPluggedIn.then(() => desk.devices.openLine(...line)),
    }
    box = await openTrialBox({ folder, authority, signer, now, devices })
    expect(box.work().state()).toMatchObject({ mode: 'locked', fault: 'reader-lost' })
    plugIn()
    await until(() => box.work().state().fault === undefined)
    expect(box.states.at(-1)).not.toHaveProperty('fault')
  })

  test('R05: says already_redeemed at the second time from its own ledger alone, also after a new start', async () => {
    await box.admit(signer.ticket(A))
    await box.restart()
    expect(await box.show(signer.ticket(A))).toMatchObject({ outcome: 'already_redeemed' })
    expect(box.desk.released).toHaveLength(1)
  })

  test('gives back, at its next start, what was open when it died, and says that nobody watched: the ticket is good again', async () => {
    await box.show(signer.ticket(A))
    await box.desk.freed(1)
    // Whoever goes through while it is dead is not known.
    nowMs += 60_000
    await box.cutPower()
    await box.admit(signer.ticket(A))
    const [decision, ...rest] = await rowsKept()
    expect(rest.map(({ body }) => body)).toMatchObject([
      { kind: 'returned', decision: decision?.id, persons: 1, why: 'unseen' },
      { kind: 'decision', outcome: 'ok', ticket: A },
      { kind: 'passage' },
    ])
  })

  test('R01: started again before the arm is locked, it counts who goes through now on the ticket that freed it', async () => {
    await box.show(signer.ticket(A))
    await box.desk.freed(1)
    await box.cutPower('granted')
    await until(box.desk.isRead)
    box.desk.show(signer.ticket(A))
    await box.desk.walk()
    await box.isLocked()
    box.pass(2_500) // so that it is shown anew, and not still held there
    await box.show(signer.ticket(A))
    const [decision, ...rest] = await rowsKept()
    expect(rest.map(({ body }) => body)).toMatchObject([
      { kind: 'passage', decision: decision?.id, of: 'grant' },
      { kind: 'decision', outcome: 'already_redeemed' },
    ])
    expect(box.desk.released).toHaveLength(1)
  })

  test('started again before the arm is locked, with nobody coming, it gives the ticket back and opens for it again', async () => {
    await box.show(signer.ticket(A))
    await box.desk.freed(1)
    await box.cutPower('granted')
    box.pass(7_000)
    await box.isLocked()
    await box.admit(signer.ticket(A))
    expect((await rowsKept()).map(({ body }) => body)).toMatchObject([
      { kind: 'decision', outcome: 'ok' },
      { kind: 'returned', why: 'unseen' },
      { kind: 'decision', outcome: 'ok' },
      { kind: 'passage' },
    ])
  })

  test('G15: ends a free rotation by the clock as soon as it knows it, though the power was away for longer than it knew', async () => {
    const [untilMs, until] = [HOUR_MS, new Date(now() + HOUR_MS).toISOString()]
    box.work().atWork.setRest({
      rest: { name: 'free', direction: 'both', untilMs: performance.now() + untilMs, until },
      ...{ by: 'alix', reason: 'classe de CM2' },
    })
    // Its clock stood still with it.
    clock = 'unknown'
    await box.cutPower('free')
    nowMs += 2 * HOUR_MS
    clock = 'synchronised'
    await box.isLocked()
    await box.stop()
    expect(box.rows().at(-1)?.body).toEqual({ kind: 'lane', state: 'locked' })
  })

  test('G08: takes the ticket that stands open no second time, and says nothing of it', async () => {
    await box.show(signer.ticket(A))
    await box.desk.freed(1)
    box.pass(2_500) // so that it is shown anew, and not still held there
    box.desk.show(signer.ticket(A))
    await box.desk.walk()
    await box.isLocked()
    expect(kindsOf(await rowsKept())).toEqual(['decision', 'passage'])
  })

  test('lets the next one in after the one before, who held the ticket up while the arm was turning', async () => {
    await box.show(signer.ticket(A))
    await box.desk.freed(1)
    box.desk.show(signer.ticket(B))
    expect(outcomes()).toEqual(['ok'])
    await box.desk.walk()
    await box.desk.freed(2)
    await box.desk.walk()
    await box.isLocked()
    expect(kindsOf(await rowsKept())).toEqual(['decision', 'passage', 'decision', 'passage'])
  })

  test('K02, K07, R03: refuses what nobody of ours signed, keeps no more of it than its digest, and does not open', async () => {
    const spoilt = signer.ticket(A).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    const other = await createTrialSigner(folder)
    for (const code of [spoilt, other.ticket(B), 'https://example.org/nothing']) {
      expect(await box.show(code)).toMatchObject({ outcome: 'invalid' })
    }
    expect(box.desk.released).toEqual([])
    const rows = await rowsKept()
    expect(JSON.stringify(rows)).not.toContain('example.org')
    expect(rows.map(({ body }) => body.kind === 'decision' && body.ticket)).toEqual([null, null, null])
  })

  test('G17: lets nobody in beyond the limit by its own count, however soon they come, and an exit makes room at once', async () => {
    await box.stop()
    box = await openTrialBox({ folder, authority, signer, now, lane: { direction: 'both' } })
    const museum = { ...signer.catalogue().museum, capacity: { warnAt: 1, refuseAt: 1, stayMinutes: 90 } }
    box.giveCatalogue({ museum })
    await box.show(signer.ticket(A))
    await box.desk.freed(1)
    box.desk.show(signer.ticket(B)) // held up while the one before is in the arm
    await box.desk.walk()
    await until(() => outcomes().length === 2)
    await box.desk.walk('out')
    box.pass(2_500) // so that it is shown anew
    expect(await box.show(signer.ticket(B))).toMatchObject({ outcome: 'ok' })
    expect(outcomes()).toEqual(['ok', 'capacity', 'ok'])
  })

  test('L06: refuses control characters as invalid, and no byte of them reaches the log', async () => {
    expect(await box.show('\u001b[2Jticket')).toMatchObject({ outcome: 'invalid' })
    expect(JSON.stringify(box.log)).not.toContain('\\u001b')
  })

  test('K04, S08: goes by the feed: revoked, blocked, and valid again', async () => {
    const of = { hash: null, at: new Date(now()).toISOString() }
    box.giveFeed([
      { n: 1, ticket: A as never, status: 'revoked', ...of },
      { n: 2, ticket: B as never, status: 'blocked', ...of },
    ])
    await box.show(signer.ticket(A))
    await box.show(signer.ticket(B))
    box.giveFeed([{ n: 3, ticket: B as never, status: 'valid', ...of }])
    await box.restart()
    await box.admit(signer.ticket(B))
    expect(outcomes()).toEqual(['revoked', 'blocked', 'ok'])
  })

  test('keeps out a catalogue that is older or not signed by the cloud, goes on by the one it has, and tells', async () => {
    box.giveCatalogue({ version: 2, sellers: [] })
    const forger = await createTrialSigner(folder, 'configuration')
    box.box().lists.take('catalogue', Buffer.from(forger.sign(signer.catalogue({ version: 9 }))))
    expect(await box.show(signer.ticket(A))).toMatchObject({ outcome: 'ok' })
    const alarms = box.log.filter(({ event }) => event === 'lane.alarm').map(({ cause }) => cause)
    expect(alarms).toEqual(['catalogue-older', 'list-untrusted'])
    await until(() => box.items.filter(({ lane, body }) => lane === null && body.kind === 'lane').length === 2)
  })

  test('tells once a day that its lists are old, also by an age from before its start, and goes on by them', async () => {
    box.giveFeed([])
    const causes = () => box.log.filter(({ event }) => event === 'lane.alarm').map(({ cause }) => cause)
    box.pass(23 * HOUR_MS)
    await box.admit(signer.ticket(A))
    expect(causes()).toEqual([])
    box.pass(2 * HOUR_MS)
    await until(() => causes().length === 1)
    expect(causes()).toEqual(['lists-old'])
    await box.admit(signer.ticket(B))
    await box.stop()
    const aged = box.rows().flatMap(({ body }) => (body.kind === 'decision' ? [body.listAge.seconds ?? -1] : []))
    expect(aged.map((seconds) => Math.round(seconds / 3_600))).toEqual([23, 25])
    nowMs = 3 * 24 * HOUR_MS
    await box.restart()
    await until(() => causes().length === 2)
    expect(box.box().lists.ageS()).toBeGreaterThan(70 * 3_600)
  })

  test('Y11: lets nobody in once its access was taken back, keeps its ledger, and works by itself when it is given anew', async () => {
    await box.admit(signer.ticket(A))
    box.access.isRevoked = true
    await until(() => box.work().state().mode === 'out-of-service')
    expect(box.work().state()).toMatchObject({ fault: 'revoked' })
    expect(await box.show(signer.ticket(B))).toMatchObject({ outcome: 'lane_closed', detail: 'out-of-service' })
    await box.restart('out-of-service')
    expect(await box.show(signer.ticket(B))).toMatchObject({ outcome: 'lane_closed' })
    box.access.isRevoked = false
    await box.isLocked()
    box.pass(2_500) // so that it is shown anew, and not still held there
    await box.admit(signer.ticket(B))
    expect(box.desk.released).toHaveLength(2)
    expect(outcomes()).toEqual(['ok', 'lane_closed', 'lane_closed', 'ok'])
    expect(box.box().ledger.history(A as TicketRef).entries).toHaveLength(1)
  })

  test('Y11: wakes up in service after a new certificate, though it fell asleep revoked', async () => {
    box.access.isRevoked = true
    await until(() => box.work().state().mode === 'out-of-service')
    await box.stop()
    box.access.isRevoked = false
    await box.restart()
    await box.admit(signer.ticket(A))
  })

  test('works by a clock that knows nothing, and marks what it decided', async () => {
    clock = 'unknown'
    await box.admit(signer.ticket(A, { firstDay: 1 }))
    const [decision] = await rowsKept()
    expect(decision).toMatchObject({ clock: 'unknown', clockErrorMs: null, body: { outcome: 'ok' } })
  })

  test('gives its rows to the outbox once, in order, and those that it did not take once it does', async () => {
    box.disk.isFull = true
    await box.admit(signer.ticket(A))
    box.disk.isFull = false
    await box.restart()
    await box.admit(signer.ticket(B))
    await until(() => kindsOf(box.items).filter((kind) => kind === 'passage').length === 2)
    await box.stop()
    expect(box.items.map(({ seq }) => seq)).toEqual(box.rows().map(({ seq }) => seq))
  })

  test('gives its rows to the outbox once more when that has lost its file, and only then', async () => {
    await box.admit(signer.ticket(A))
    await until(() => box.items.some(({ body }) => body.kind === 'passage'))
    await box.restart()
    await until(() => box.items.at(-1)?.seq === ownEnd())
    const given = box.items.map(({ id }) => id)
    expect(new Set(given).size).toBe(given.length)
    box.disk.outboxFile = 2
    await box.admit(signer.ticket(B))
    const seqs = () => box.items.slice(given.length).map(({ seq }) => seq)
    const anew = () => (seqs().includes(1) ? seqs().slice(seqs().indexOf(1)) : [])
    await until(() => anew().at(-1) === ownEnd())
    expect(anew()).toEqual(anew().map((_, index) => index + 1))
  })
})

const ownEnd = () => box.box().ledger.ends()[0]?.seq
