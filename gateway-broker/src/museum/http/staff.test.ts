import { foreignHash } from '@vigie/contract/present'
import { type Device, openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { ulid } from 'ulid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const SITE = 'musee-salagon'
const [A, B] = ['00000000000000a1', '00000000000000a2'] as const

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

const question = (code: string, changes: object = {}) => ({
  ...{ site: SITE, code, direction: 'in', nonce: ulid(), ...changes },
})
const decide = (code: string, changes: object = {}, device = staff) =>
  device.ask('POST', '/decisions', question(code, changes))
const rows = () =>
  museum
    .museum()
    .ledger.after(0, null, 1_000)
    .map(({ row }) => row)
const decisions = () => rows().filter(({ body }) => body.kind === 'decision')
const insideNow = async () =>
  ((await staff.ask('GET', '/state')).json as { inside: { persons: number } }).inside.persons

describe('a phone as a reader', () => {
  test('R01: lets a good ticket in, with one row in the ledger, and counts it', async () => {
    const answer = await decide(museum.signer.ticket(A))
    expect(answer).toMatchObject({ status: 200, json: { outcome: 'ok', ticket: A, persons: 1, isRepeated: false } })
    expect(decisions()).toMatchObject([{ origin: 'vg-salagon', lane: null, body: { by: 'p-1', medium: 'signed' } }])
    expect(await insideNow()).toBe(1)
  })

  test('R04: refuses the same ticket again, says when it came in, and the count stays', async () => {
    const first = await decide(museum.signer.ticket(A))
    const second = await decide(museum.signer.ticket(A), {}, colleague)
    const { at } = first.json as { at: string }
    expect(second.json).toMatchObject({ outcome: 'already_redeemed', persons: 0, firstEntry: { at, lane: null } })
    expect(await insideNow()).toBe(1)
  })

  test('R03: an unknown code is invalid, and the ledger keeps no word of what it said', async () => {
    const answer = await decide('hello https://evil.example')
    expect(answer.json).toMatchObject({ outcome: 'invalid', ticket: null })
    expect(decisions()).toMatchObject(
      [{ body: { medium: 'none', ticket: null, text: /^[0-9a-f]{32}$/ } }].map(matching),
    )
    expect(JSON.stringify(rows())).not.toContain('evil')
  })

  test('R08: the same nonce twice gives the same answer twice, and one row', async () => {
    const asked = question(museum.signer.ticket(A))
    const [one, other] = [await staff.ask('POST', '/decisions', asked), await staff.ask('POST', '/decisions', asked)]
    expect([one.json, other.json]).toMatchObject([
      { outcome: 'ok', isRepeated: false },
      { outcome: 'ok', isRepeated: true, id: (one.json as { id: string }).id },
    ])
    expect(decisions()).toHaveLength(1)
  })

  test('R05: refuses what a lane let in, though the cloud never heard of it', async () => {
    const lane = await museum.linked('vg-tripod1')
    await lane.admit(A)
    await museum.settled(() => rows().length === 2)
    const answer = await decide(museum.signer.ticket(A))
    expect(answer.json).toMatchObject({ outcome: 'already_redeemed', firstEntry: { lane: 'tripod1' } })
  })

  test('K02: one character changed is invalid, and lets nobody in', async () => {
    const code = museum.signer.ticket(A)
    const changed = `${code.slice(0, 60)}${code[60] === 'A' ? 'B' : 'A'}${code.slice(61)}`
    expect((await decide(changed)).json).toMatchObject({ outcome: 'invalid', ticket: null })
  })

  test('K04: what the feed has taken back is revoked', async () => {
    museum.giveFeed([{ n: 1, ticket: A as never, hash: null, status: 'revoked' }])
    expect((await decide(museum.signer.ticket(A))).json).toMatchObject({ outcome: 'revoked' })
  })

  test('F15: finds another seller’s code with + - / = in it', async () => {
    const barcode = 'AB+cd-12/34=='
    const hash = foreignHash('billetweb', barcode)
    const day = Math.floor((museum.now() - Date.UTC(2020, 0, 1)) / 86_400_000)
    const entry = {
      n: 1,
      ticket: null,
      hash,
      seller: 'billetweb',
      status: 'valid',
      type: 1,
      firstDay: day,
      serial: 12_345,
    }
    museum.giveFeed([entry as never])
    expect((await decide(barcode)).json).toMatchObject({ outcome: 'ok', medium: 'foreign', ticket: hash })
    const found = (code: string) => staff.ask('GET', `/tickets?search=${encodeURIComponent(code)}`)
    expect((await found(barcode)).json).toMatchObject([{ ticket: hash, seller: 'billetweb', serial: 12_345 }])
    expect((await found('12345')).json).toMatchObject([{ ticket: hash }])
  })

  test('without a catalogue it decides nothing and says so', async () => {
    const pass = museum.signer.pass('p-1')
    await museum.anew()
    expect(await museum.ask('POST', '/pairing', { pass })).toMatchObject({ status: 401, json: { why: 'no-keys' } })
  })
})

describe('an override', () => {
  const override = (code: string, changes: object = {}, device = staff) =>
    device.ask('POST', '/overrides', question(code, { reason: 'sortie pour un malaise', ...changes }))

  test('F01: lets the same ticket in a second time, and the second row says by whom and why', async () => {
    await decide(museum.signer.ticket(A))
    expect((await override(museum.signer.ticket(A))).json).toMatchObject({ outcome: 'ok', attention: ['forced'] })
    expect(decisions().at(-1)?.body).toMatchObject({
      forced: { by: 'p-1', reason: 'sortie pour un malaise', instead: 'already_redeemed' },
    })
  })

  test.each([
    ['F03', 'canceled', 'canceled'],
    ['F04', 'unpaid', 'unpaid'],
    ['F05', 'revoked', 'revoked'],
  ] as const)('%s: lets in a ticket that is %s, marked on the ticket itself', async (_, status, instead) => {
    museum.giveFeed([{ n: 1, ticket: A as never, hash: null, status }])
    expect((await override(museum.signer.ticket(A))).json).toMatchObject({ outcome: 'ok', ticket: A })
    expect(decisions().at(-1)?.body).toMatchObject({ ticket: A, forced: { instead } })
  })

  test('F07: does not skip a wrong museum or a wrong day', async () => {
    const elsewhere = await override(museum.signer.ticket(A, { museums: 2 }))
    expect(elsewhere.json).toMatchObject({ outcome: 'product', persons: 0 })
    const over = await override(museum.signer.ticket(B, { firstDay: 10, days: 1 }))
    expect(over.json).toMatchObject({ outcome: 'invalid_time', persons: 0 })
  })

  test('has a number for each person and day: two here, then a colleague has his own', async () => {
    for (const id of ['b1', 'b2']) {
      await decide(museum.signer.ticket(id.padStart(16, '0')))
      expect((await override(museum.signer.ticket(id.padStart(16, '0')))).json).toMatchObject({ outcome: 'ok' })
    }
    await decide(museum.signer.ticket(A))
    expect((await decide(museum.signer.ticket(A))).json).toMatchObject({ canBeForced: true, overridesLeft: 0 })
    const third = await override(museum.signer.ticket(A))
    expect(third).toMatchObject({ status: 429, json: { type: 'urn:vigie:problem:quota-used-up' } })
    expect((await override(museum.signer.ticket(A), {}, colleague)).json).toMatchObject({ outcome: 'ok' })
    museum.pass(86_400_000)
    const next = await museum.device(museum.signer.pass('p-1', 'gate-staff', { until: '2099-01-01T00:00:00.000Z' }))
    expect((await next.ask('GET', '/state')).json).toMatchObject({ overrides: { usedToday: 0, perDay: 2 } })
    expect((await override(museum.signer.ticket(A), {}, next)).json).toMatchObject({ outcome: 'ok' })
  })

  test('needs a reason', async () => {
    const answer = await staff.ask('POST', '/overrides', question(museum.signer.ticket(A)))
    expect(answer).toMatchObject({ status: 400, json: { parameters: [{ name: 'reason' }] } })
  })
})

describe('an undo', () => {
  const undo = (id: string, device = staff) => device.ask('POST', `/decisions/${id}/undo`)
  const admitted = async () => (await decide(museum.signer.ticket(A))).json as { id: string; undoUntil: string }

  test('F10: within 30 s by the same person gives the entry back with a further row; nothing is deleted', async () => {
    const { id } = await admitted()
    expect(await undo(id)).toMatchObject({ status: 200, json: { id, isUndone: true } })
    expect(rows().map(({ body }) => body.kind)).toEqual(['decision', 'undo'])
    expect(await insideNow()).toBe(0)
    expect(await undo(id)).toMatchObject({ status: 200 })
    expect(rows()).toHaveLength(2)
    expect((await decide(museum.signer.ticket(A))).json).toMatchObject({ outcome: 'ok' })
  })

  test('F10: is refused to somebody else, after 30 s, of a refusal and of what is not there', async () => {
    const { id } = await admitted()
    expect(await undo(id, colleague)).toMatchObject({ status: 403, json: { type: 'urn:vigie:problem:not-yours' } })
    museum.pass(31_000)
    expect(await undo(id)).toMatchObject({ status: 409, json: { type: 'urn:vigie:problem:too-late' } })
    const refused = (await decide(museum.signer.ticket(A))).json as { id: string; undoUntil: null }
    expect(refused.undoUntil).toBeNull()
    expect(await undo(refused.id)).toMatchObject({ status: 409, json: { type: 'urn:vigie:problem:nothing-to-undo' } })
    expect((await undo('01M8AVCCZZR4BVTVGMBCTX9YS1')).status).toBe(404)
  })
})

describe('what a phone asks about', () => {
  test('F13: no museum, or two in place of one, is a clear 400 that names the field', async () => {
    const code = museum.signer.ticket(A)
    for (const site of [undefined, [SITE, SITE]]) {
      expect(await decide(code, { site })).toMatchObject({ status: 400, json: { parameters: [{ name: 'site' }] } })
    }
  })

  test('F12: of which one is another museum’s refuses the whole request and names that museum', async () => {
    expect(await decide(museum.signer.ticket(A), { site: 'musee-prehistoire' })).toMatchObject({
      status: 403,
      json: { type: 'urn:vigie:problem:out-of-scope', site: 'musee-prehistoire' },
    })
    const own = uploaded(A)
    const answer = await staff.ask('POST', '/decisions/upload', {
      decisions: [own, { ...own, site: 'musee-prehistoire' }],
    })
    expect(answer).toMatchObject({ status: 403, json: { site: 'musee-prehistoire' } })
    expect(rows()).toEqual([])
  })

  test('S08: that somebody blocked on the spot is blocked at once, and good again when he says so', async () => {
    const setStatus = (status: string) =>
      staff.ask('PUT', `/tickets/${A}/status`, { status, reason: 'trouvé par terre' })
    expect(await setStatus('blocked')).toMatchObject({ status: 200, json: { status: 'blocked' } })
    expect((await decide(museum.signer.ticket(A))).json).toMatchObject({ outcome: 'blocked' })
    museum.pass(1_000)
    await setStatus('valid')
    expect((await decide(museum.signer.ticket(A))).json).toMatchObject({ outcome: 'ok' })
  })
})

describe('decisions that a phone made by itself', () => {
  test('Y05: are stored once, in order, each with a verdict, and marked as the phone’s own', async () => {
    const batch = Array.from({ length: 200 }, (_, index) => uploaded(index.toString(16).padStart(16, '0')))
    const [first, again] = [await upload(batch), await upload(batch)]
    expect(new Set(first.map(({ outcome }) => outcome))).toEqual(new Set(['stored']))
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['known']))
    expect(decisions().map(({ body }) => body.kind === 'decision' && body.nonce)).toEqual(
      batch.map(({ body }) => body.nonce),
    )
    expect(decisions()[0]?.body).toMatchObject({ onList: 'phone', by: 'p-1' })
  })

  test('are in the name of whoever hands them up, also where somebody was let in against the list', async () => {
    const forced = { by: 'p-2', reason: 'billet vu', instead: 'already_redeemed' }
    const one = uploaded(A)
    await upload([{ ...one, body: { ...one.body, forced } }])
    expect(decisions()[0]?.body).toMatchObject({ by: 'p-1', forced: { ...forced, by: 'p-1' } })
  })

  test('that are more overrides than the person may make are kept, since they happened, and told to everybody', async () => {
    const forced = { by: 'p-1', reason: 'billet vu', instead: 'already_redeemed' }
    const ones = ['a1', 'a2', 'a3'].map((id) => uploaded(id.padStart(16, '0')))
    await upload(ones.map((one) => ({ ...one, body: { ...one.body, forced } })))
    const made = decisions()
    expect(made).toHaveLength(3)
    const { json } = await staff.ask('GET', '/state')
    expect(json).toMatchObject({
      overrides: { usedToday: 3, perDay: 2, beyondToday: 1 },
      alarms: [{ cause: 'overrides-beyond-quota', reason: expect.stringMatching(/^p-1, [\d-]{10}: 1$/) }],
    })
    const report = (await staff.ask('GET', '/report')).json as { overrides: object[]; overridesBeyond: string[] }
    expect([report.overrides.length, report.overridesBeyond]).toEqual([3, [made[2]?.id]])
    const fourth = await staff.ask('POST', '/overrides', question(museum.signer.ticket(A), { reason: 'encore une' }))
    expect(fourth.status).toBe(429)
  })

  test('F10: that were taken back on the phone are undone here by a further row, once, also where they were handed up before', async () => {
    const [first, second] = [uploaded(A), uploaded(B)]
    const undone = (one: ReturnType<typeof uploaded>, afterMs: number) => ({
      ...one,
      undoneAt: new Date(Date.parse(one.at) + afterMs).toISOString(),
    })
    await upload([first])
    for (const _ of ['handed up', 'and again, its answer was lost']) {
      const verdicts = await upload([undone(first, 29_000), undone(second, 4_000)])
      expect(verdicts.map(({ reason }) => reason)).toEqual([null, null])
    }
    expect(rows().map(({ body }) => body.kind)).toEqual(['decision', 'decision', 'undo', 'undo'])
    museum.pass(40_000)
    expect((await decide(museum.signer.ticket(A))).json).toMatchObject({ outcome: 'ok' })
  })

  test('F10: are not taken back later than that, nor by a colleague', async () => {
    const late = uploaded(A)
    const undoneAt = new Date(Date.parse(late.at) + 31_000).toISOString()
    expect(await upload([{ ...late, undoneAt }])).toMatchObject([{ outcome: 'refused', reason: 'undo-refused' }])
    const own = uploaded(B)
    await upload([own])
    const { json } = await colleague.ask('POST', '/decisions/upload', { decisions: [{ ...own, undoneAt: own.at }] })
    expect(json).toMatchObject([{ outcome: 'refused', reason: 'undo-refused' }])
    expect(rows().map(({ body }) => body.kind)).toEqual(['decision', 'decision'])
  })

  test('that let in what the gateway had refused are written down, once, though its answer was lost', async () => {
    await decide(museum.signer.ticket(A))
    const one = uploaded(A, 1_000)
    await decide(museum.signer.ticket(A), { nonce: one.body.nonce })
    expect(await upload([one])).toMatchObject([{ outcome: 'stored', nonce: one.body.nonce }])
    expect(await upload([one])).toMatchObject([{ outcome: 'known' }])
    expect((await staff.ask('GET', '/state')).json).toMatchObject({ openConflicts: 1 })
  })

  test('Y10: of which one is refused for good say why, and the rest goes on', async () => {
    const day = 86_400_000
    const verdicts = await upload([uploaded(A), uploaded(B, 2 * day), uploaded('00000000000000a3', -40 * day)])
    expect(verdicts.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['stored', null],
      ['refused', 'in-the-future'],
      ['refused', 'too-old'],
    ])
  })

  test('Y10: of which one let in on no right is refused, since it could never be found to be one too many', async () => {
    const one = uploaded(A)
    const { right: _, ...body } = one.body
    expect(await upload([{ ...one, body }])).toMatchObject([{ outcome: 'refused', reason: 'without-right' }])
    const left = { ...one, body: { ...body, direction: 'out' } }
    expect(await upload([left])).toMatchObject([{ outcome: 'stored' }])
  })

  test('Y19: of a failed scan need what was read, as its hash, and a reason that is known', async () => {
    const failed = uploaded(A)
    const body = { ...failed.body, outcome: 'invalid', ticket: null, persons: 0, medium: 'none', right: undefined }
    expect(await upload([{ ...failed, body }])).toMatchObject([{ outcome: 'refused', reason: 'of-nothing' }])
    expect(await upload([{ ...failed, body: { ...body, text: 'f'.repeat(32) } }])).toMatchObject([
      { outcome: 'stored' },
    ])
    const unknown = { ...failed, body: { ...body, text: 'f'.repeat(32), outcome: 'because' } }
    expect(await staff.ask('POST', '/decisions/upload', { decisions: [unknown] })).toMatchObject({ status: 400 })
  })

  test('that let a ticket in which a lane let in too are a conflict in the inbox, until somebody has looked', async () => {
    const lane = await museum.linked('vg-tripod1')
    await lane.admit(A)
    await museum.settled(() => rows().length === 2)
    museum.pass(5_000)
    await upload([uploaded(A)])
    const listed = async () => (await staff.ask('GET', '/conflicts')).json as { id: string }[]
    const [conflict] = await listed()
    expect(conflict).toMatchObject({ ticket: A, beyond: [{ lane: null, isOfPhoneAlone: true }], acknowledged: null })
    expect((await staff.ask('GET', '/state')).json).toMatchObject({ openConflicts: 1 })
    const noted = await staff.ask('PUT', `/conflicts/${conflict?.id}/acknowledgement`, { note: 'même famille' })
    expect(noted.status).toBe(204)
    expect(await listed()).toMatchObject([{ acknowledged: { by: 'p-1', note: 'même famille' } }])
    expect((await staff.ask('GET', '/state')).json).toMatchObject({ openConflicts: 0 })
  })
})

function uploaded(ticket: string, laterMs = 0) {
  const at = new Date(museum.now() + laterMs).toISOString()
  const nonce = ulid()
  const decision = { kind: 'decision', nonce, direction: 'in', outcome: 'ok', ticket, persons: 1, medium: 'signed' }
  return {
    site: SITE,
    at,
    body: { ...decision, right: { entries: 1, persons: 1 }, listAge: { feed: 0, seconds: null } },
  }
}

async function upload(batch: object[]) {
  const answer = await staff.ask('POST', '/decisions/upload', { decisions: batch })
  expect(answer.status).toBe(200)
  return answer.json as { outcome: string; reason: string | null }[]
}

const matching = ({ body }: { body: { text: RegExp } }) => ({
  body: { ...body, text: expect.stringMatching(body.text) },
})
