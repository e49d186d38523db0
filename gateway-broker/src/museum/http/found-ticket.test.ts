import type { FeedEntry } from '@vigie/contract/gate/feed'
import type { IssuedEntry } from '@vigie/contract/gate/issued'
import { foreignHash } from '@vigie/contract/present'
import { issuedTicket } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { type Device, openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { ulid } from 'ulid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const SITE = 'musee-salagon'
const A = '00000000000000a1'
const ORDER = 'K7QX2M9A'
const WHY = 'écran cassé'

let museum: TrialMuseum
let staff: Device
let colleague: Device
beforeAll(async () => {
  museum = await openTrialMuseum()
})
beforeEach(async () => {
  await museum.anew()
  museum.giveCatalogue()
  staff = await museum.device(museum.signer.pass('p-1'))
  colleague = await museum.device(museum.signer.pass('p-2', 'supervisor'))
})
afterAll(() => museum.remove())

const give = (n: number, changes: Partial<IssuedEntry> = {}) => {
  const entry = issuedTicket(n, ORDER, changes)
  museum.giveIssued([entry])
  return entry.ticket
}
const letIn = (ticket: string, changes: object = {}, device = staff) =>
  device.ask('POST', `/tickets/${ticket}/override`, { site: SITE, nonce: ulid(), reason: WHY, ...changes })
type Found = { canBeForced: boolean; overridesLeft: number; undo: { decision: string; until: string } | null }
const find = async (text = ORDER, device = staff) =>
  (await device.ask('GET', `/tickets?search=${encodeURIComponent(text)}`)).json as Found[]
const rows = () =>
  museum
    .museum()
    .ledger.after(0, null, 1_000)
    .map(({ row }) => row)

describe('a ticket that was found, and that nobody can show', () => {
  test('F01, F11: lets in with a reason, on its own row, and takes one of the overrides though it is good', async () => {
    const ticket = give(41)
    expect(await find()).toMatchObject([{ canBeForced: true, overridesLeft: 2, undo: null }])
    const { json } = await letIn(ticket)
    expect(json).toMatchObject({ outcome: 'ok', ticket, medium: 'none', persons: 1, overridesLeft: 1 })
    const forced = { by: 'p-1', reason: WHY, instead: 'incomplete' }
    expect(rows()).toMatchObject([
      { lane: null, body: { ticket, right: { entries: 1, persons: 1 }, forced, by: 'p-1' } },
    ])
    const shown = await staff.ask('POST', '/decisions', {
      ...{ site: SITE, code: museum.signer.ticket(ticket), direction: 'in', nonce: ulid() },
    })
    expect(shown.json).toMatchObject({ outcome: 'already_redeemed', firstEntry: { lane: null } })
  })

  test('F01: that was used already is let in against that, as often as a day allows and no more', async () => {
    const [first, second] = [give(41), give(42)]
    await letIn(first)
    expect((await letIn(first)).json).toMatchObject({ outcome: 'ok', forced: { instead: 'already_redeemed' } })
    expect(await find()).toMatchObject([
      { canBeForced: true, overridesLeft: 0 },
      { canBeForced: true, overridesLeft: 0 },
    ])
    expect(await letIn(second)).toMatchObject({ status: 429, json: { type: 'urn:vigie:problem:quota-used-up' } })
    expect(await find(ORDER, colleague)).toMatchObject([{ overridesLeft: 2 }, { overridesLeft: 2 }])
    expect((await letIn(second, {}, colleague)).json).toMatchObject({ outcome: 'ok' })
    expect((await staff.ask('GET', '/report')).json).toMatchObject({ overrides: [{}, {}, {}], tickets: 2 })
  })

  test('F03, F05: that was taken back is let in against that', async () => {
    const ticket = give(41)
    museum.giveFeed([{ n: 1, ticket, hash: null, status: 'canceled' } as FeedEntry])
    expect((await letIn(ticket)).json).toMatchObject({ outcome: 'ok', forced: { instead: 'canceled' } })
  })

  test('F07: of another museum, another day or another hour is not, and its card says so before', async () => {
    const tickets = [
      give(41, { rights: '020700010110' }),
      give(42, { firstDay: 10 }),
      give(43, { slotStart: 1_080 }),
    ] as const
    expect((await find()).map(({ canBeForced }) => canBeForced)).toEqual([false, false, false])
    const outcomes: unknown[] = []
    for (const ticket of tickets) outcomes.push((await letIn(ticket)).json)
    expect(outcomes).toMatchObject([{ outcome: 'product' }, { outcome: 'invalid_time' }, { outcome: 'invalid_time' }])
    expect(rows().every(({ body }) => body.kind === 'decision' && body.persons === 0)).toBe(true)
  })

  test('lets in as many as its code says, not as its type says today, and those whom another seller told of', async () => {
    const family = give(41, { rights: '010700010418' })
    expect((await letIn(family)).json).toMatchObject({ outcome: 'ok', persons: 5, attention: ['forced', 'companion'] })
    const hash = foreignHash('billetweb', 'AB-12')
    const { firstDay } = issuedTicket(1, ORDER)
    const told = { n: 1, ticket: null, hash, seller: 'billetweb', status: 'valid', type: 2, firstDay, serial: 12_345 }
    museum.giveFeed([told as FeedEntry])
    expect(await find('12345')).toMatchObject([{ canBeForced: true }])
    expect((await letIn(hash)).json).toMatchObject({ outcome: 'ok', ticket: hash, persons: 12 })
  })

  test('F10: is taken back within 30 s by whoever let it in on the phone, and nobody else is offered that', async () => {
    const ticket = give(41)
    const { id } = (await letIn(ticket)).json as { id: string }
    expect(await find(ORDER, colleague)).toMatchObject([{ undo: null }])
    const [found] = await find()
    expect(found?.undo).toMatchObject({ decision: id })
    await staff.ask('POST', `/decisions/${found?.undo?.decision}/undo`)
    expect(rows().map(({ body }) => body.kind)).toEqual(['decision', 'undo'])
    expect(await find()).toMatchObject([{ undo: null, entries: [], inside: 0, overridesLeft: 1 }])
    await letIn(ticket)
    museum.pass(31_000)
    expect(await find()).toMatchObject([{ undo: null, entries: [{}] }])
  })

  test('F10: is not taken back where a lane let it in', async () => {
    const ticket = give(41, { ticket: A as never })
    const lane = await museum.linked('vg-tripod1')
    await lane.admit(ticket)
    await museum.settled(() => rows().length === 2)
    expect(await find()).toMatchObject([{ undo: null, entries: [{ lane: 'tripod1' }], canBeForced: true }])
  })
})

describe('whoever asks for more than that', () => {
  test('F12: at another museum is refused whole, and is told which', async () => {
    expect(await letIn(give(41), { site: 'musee-prehistoire' })).toMatchObject({
      status: 403,
      json: { type: 'urn:vigie:problem:out-of-scope', site: 'musee-prehistoire' },
    })
    expect(rows()).toEqual([])
  })

  test('about the ticket of nobody is told that nothing is known of it, and nothing is written', async () => {
    expect(await letIn('00000000000000ff')).toMatchObject({
      status: 404,
      json: { type: 'urn:vigie:problem:ticket-unknown' },
    })
    for (const ticket of ['none', '00000000000000FF', `${A}0`, '..%2fstate'])
      expect((await letIn(ticket)).status).toBe(400)
    expect((await letIn(give(41), { reason: '' })).status).toBe(400)
    expect((await letIn(give(42), { nonce: 'short' })).status).toBe(400)
    expect(rows()).toEqual([])
  })

  test('R08: the same question again has the same answer, one row, and takes one override', async () => {
    const [ticket, other] = [give(41), give(42)]
    const nonce = ulid()
    const [one, again] = [(await letIn(ticket, { nonce })).json, (await letIn(ticket, { nonce })).json]
    const { id } = one as { id: string }
    expect(again).toMatchObject({ id, outcome: 'ok', isRepeated: true, overridesLeft: 1 })
    expect((await letIn(other, { nonce })).json).toMatchObject({ id, ticket, isRepeated: true })
    expect(rows()).toHaveLength(1)
  })

  test('on a ticket of which nobody told what it is good for lets nobody in', async () => {
    const { rights: _, ...without } = issuedTicket(41, ORDER)
    museum.giveIssued([without])
    expect(await find()).toMatchObject([{ canBeForced: false }])
    expect((await letIn(without.ticket)).json).toMatchObject({ outcome: 'error', persons: 0 })
    const blocked = await staff.ask('PUT', `/tickets/${A}/status`, { status: 'blocked', reason: WHY })
    expect(blocked.json).toMatchObject({ canBeForced: false })
    expect((await letIn(A)).json).toMatchObject({ outcome: 'error', persons: 0 })
  })
})
