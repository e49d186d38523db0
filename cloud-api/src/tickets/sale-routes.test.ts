import { createPublicKey, verify } from 'node:crypto'
import { readTicketCode, signedBytes } from '@vigie/contract/gate/ticket-code'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GATEWAY_PAGE, openTrialMuseum, PREHISTOIRE, SALAGON, type TrialMuseum } from './trial-museum.fixture.ts'

let museum: TrialMuseum
beforeAll(async () => {
  museum = await openTrialMuseum()
})
afterAll(() => museum.close())

describe('at the desk', () => {
  test('what is sold is signed with the key of the season, and says what its type says', async () => {
    const desk = await museum.desk()
    const { status, body } = await desk.sell({ type: 4, count: 2, payment: 'cheque' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ payment: 'cheque', totalCents: 4400, site: 'musee-salagon' })
    expect(body.tickets.map((ticket: { number: string }) => ticket.number)).toEqual(['S000001', 'S000002'])
    const [key] = await museum.store.ticketKeys.goodOn(2_500)
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key?.publicKey ?? '' }, format: 'jwk' })
    for (const { code } of body.tickets) {
      const read = readTicketCode(code)
      if (!read.ok) throw new Error(read.why)
      expect(read.payload).toMatchObject({
        kind: 'ticket',
        persons: 5,
        museums: 1,
        entries: 1,
        days: 1,
        slotStart: null,
      })
      expect(read.payload.flags).toMatchObject({ soldAtTill: true, reentry: true })
      expect(verify(null, signedBytes(read.bytes), publicKey, read.signature)).toBe(true)
    }
  })

  test('the same order shows the same codes again, and keeps none', async () => {
    const desk = await museum.desk()
    const { body } = await desk.sell()
    const again = await desk.get(`${SALAGON}/orders/${body.id}`)
    expect(again.body.tickets).toEqual(body.tickets)
    expect((await desk.get(`${SALAGON}/orders/${body.id.toLowerCase()}`)).status).toBe(200)
    expect((await desk.get(`${SALAGON}/orders/ZZZZZZZZ`)).status).toBe(404)
  })

  test('a double click sells once', async () => {
    const desk = await museum.desk()
    const wish = { nonce: 'one-and-the-same' }
    const [first, second] = [await desk.sell(wish), await desk.sell(wish)]
    expect(second.body).toEqual(first.body)
  })

  test('what costs nothing is free and what costs something is paid', async () => {
    const desk = await museum.desk()
    expect((await desk.sell({ type: 3, payment: 'free' })).body.totalCents).toBe(0)
    expect((await desk.sell({ type: 3, payment: 'cash' })).status).toBe(400)
    expect((await desk.sell({ type: 1, payment: 'free' })).status).toBe(400)
  })

  test('a slot has its own room, which the offer tells, and another time is no slot', async () => {
    const desk = await museum.desk()
    const tour = { type: 5, slot: '14:00' }
    expect((await desk.sell({ ...tour, count: 20 })).status).toBe(201)
    const { body } = await desk.get(`${SALAGON}/offer`)
    expect(body.slots.find(({ start }: { start: string }) => start === '14:00')).toEqual({
      ...{ start: '14:00', quota: 25, left: 5 },
    })
    expect((await desk.sell({ ...tour, count: 6 })).status).toBe(409)
    expect((await desk.sell({ ...tour, slot: '14:10' })).status).toBe(400)
    expect((await desk.sell({ type: 5 })).status).toBe(400)
    expect((await desk.sell({ type: 1, slot: '14:00' })).status).toBe(400)
    expect((await desk.sell({ ...tour, day: '2026-11-24' })).status).toBe(400) // closed on a Tuesday
  })

  test('days that are over, or far away, and types of the other museum are not sold', async () => {
    const desk = await museum.desk()
    expect((await desk.sell({ day: '2026-11-21' })).status).toBe(400)
    expect((await desk.sell({ day: '2028-01-01' })).status).toBe(400)
    expect((await desk.sell({ type: 11 })).status).toBe(400)
    const { body } = await desk.get(`${SALAGON}/offer`)
    expect(body.types.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 21, 22, 23, 31])
  })

  test('F12: whoever sells at one museum sells at no other, and is told which one it was about', async () => {
    const desk = await museum.desk()
    const refused = await desk.sell({ type: 11 }, PREHISTOIRE)
    expect(refused).toMatchObject({ status: 403, body: { type: 'urn:vigie:problem:out-of-scope' } })
    expect((await desk.get('/api/v1/museums')).body.museums.map(({ site }: { site: string }) => site)).toEqual([
      'musee-salagon',
    ])
    expect((await desk.get('/api/v1/museums/col-d-allos/offer')).status).toBe(403)
    const everywhere = await museum.desk('supervisor', 'all')
    expect((await everywhere.get('/api/v1/museums')).body.museums).toMatchObject([
      { site: 'musee-salagon', page: null },
      { site: 'musee-prehistoire', page: GATEWAY_PAGE },
    ])
    expect((await everywhere.get('/api/v1/museums/col-d-allos/offer')).status).toBe(404)
  })

  test('S02: a cancelled ticket has no code any more, and its number stays taken', async () => {
    const desk = await museum.desk()
    const { body } = await desk.sell({ count: 2 })
    const [one, two] = body.tickets
    const canceled = await desk.post(`${SALAGON}/tickets/${one.id}/cancellation`, { reason: 'erreur de saisie' })
    expect(canceled.body).toMatchObject({ status: 'canceled', number: one.number })
    const again = await desk.get(`${SALAGON}/orders/${body.id}`)
    expect(again.body.tickets.map(({ code }: { code: unknown }) => code)).toEqual([null, two.code])
    const all = await desk.post(`${SALAGON}/orders/${body.id}/cancellation`, { reason: 'remboursé' })
    expect(all.body.tickets.map(({ status }: { status: string }) => status)).toEqual(['canceled', 'canceled'])
    const next = await desk.sell()
    expect(next.body.tickets[0].serial).toBe(two.serial + 1)
  })

  test('F11: two characters find nothing for the desk and four do; a supervisor is given more', async () => {
    const desk = await museum.desk()
    const { body } = await desk.sell()
    const found = async (who: typeof desk, q: string) =>
      (await who.get(`${SALAGON}/tickets?q=${q}`)).body.tickets.length
    expect(await found(desk, body.id.slice(0, 2))).toBe(0)
    expect(await found(desk, body.id.slice(0, 4))).toBeGreaterThan(0)
    expect(await found(desk, body.tickets[0].number)).toBe(1)
    expect(await found(await museum.desk('supervisor'), body.id.slice(0, 2))).toBeGreaterThan(0)
  })

  test('the report of the day is the sum of its sales, without what was cancelled', async () => {
    const fresh = await openTrialMuseum()
    try {
      const desk = await fresh.desk()
      await desk.sell({ count: 2, payment: 'cash' })
      await desk.sell({ type: 3, payment: 'free' })
      const { body } = await desk.sell({ type: 4 })
      await desk.post(`${SALAGON}/orders/${body.id}/cancellation`, { reason: 'remboursé' })
      const report = (await desk.get(`${SALAGON}/days/today`)).body
      expect(report).toMatchObject({ orders: 3, tickets: 4, canceled: 1, totalCents: 1600, day: '2026-11-22' })
      expect(report.byPayment).toMatchObject({ cash: 1600, card: 0, free: 0 })
      expect(report.byType.map(({ type, tickets }: { type: number; tickets: number }) => [type, tickets])).toEqual([
        [1, 2],
        [3, 1],
      ])
      expect(report.serials).toEqual({ first: 'S000001', last: 'S000004' })
    } finally {
      await fresh.close()
    }
  })
})

test('without a vault nothing is sold, and the desk is told so', async () => {
  const bare = await openTrialMuseum({ withoutVault: true })
  try {
    const desk = await bare.desk()
    expect(await desk.sell()).toMatchObject({ status: 503, body: { type: 'urn:vigie:problem:tickets-not-ready' } })
    expect((await desk.post(`${SALAGON}/passes`, {})).status).toBe(503)
  } finally {
    await bare.close()
  }
})
