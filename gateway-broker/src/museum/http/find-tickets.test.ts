import { issuedTicket } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { type Device, openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { ulid } from 'ulid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

const [A, B] = ['00000000000000a1', '00000000000000a2'] as const

let museum: TrialMuseum
let staff: Device
beforeAll(async () => {
  museum = await openTrialMuseum()
})
beforeEach(async () => {
  await museum.anew()
  museum.giveCatalogue()
  staff = await museum.device(museum.signer.pass('p-1'))
})
afterAll(() => museum.remove())

const decide = (code: string) =>
  staff.ask('POST', '/decisions', { site: 'musee-salagon', code, direction: 'in', nonce: ulid() })
const search = async (text: string) =>
  (await staff.ask('GET', `/tickets?search=${encodeURIComponent(text)}`)).json as { ticket: string; number: string }[]

test('F11: with fewer than four characters finds nothing; with more what the ledger and the feed know', async () => {
  await decide(museum.signer.ticket('ab00000000000011'))
  for (const text of ['', 'a', 'ab', 'ab0']) expect(await search(text)).toEqual([])
  for (const text of ['ab00', 'ab00000000000011', museum.signer.ticket('ab00000000000011')]) {
    expect(await search(text)).toMatchObject([
      { ticket: 'ab00000000000011', status: 'valid', isUsedUp: true, entries: [{ persons: 1 }] },
    ])
  }
})

test('F11: shows what a whole code says before anybody has used it, and nothing of one that is forged', async () => {
  const code = museum.signer.ticket(B)
  expect(await search(code)).toMatchObject([{ ticket: B, serial: 4711, type: 1, status: 'valid', entries: [] }])
  expect(await search(`${code.slice(0, -6)}AAAAAA`)).toEqual([])
  expect(museum.museum().ledger.after(0, null, 10)).toEqual([])
})

test('F11: finds an order and a number with the cloud away, as people type them, with kind, day and state', async () => {
  museum.giveIssued([
    issuedTicket(41, 'K7QX2M9A', { slotStart: 840 }),
    issuedTicket(42, 'K7QX2M9A', { number: 'P000041', type: 2 }),
    issuedTicket(43, 'Z3W4X5Y6', { type: 99 }),
  ])
  const numbers = async (text: string) => (await search(text)).map(({ number }) => number)
  for (const typed of ['K7QX2M9A', ' k7qx 2m9a', 'K7QX-2M9A'])
    expect(await numbers(typed)).toEqual(['S000041', 'P000041'])
  for (const typed of ['S000041', 's 41', 'S 0041']) expect(await numbers(typed)).toEqual(['S000041'])
  for (const typed of ['n° 41', '#041', '0041']) expect(await numbers(typed)).toEqual(['P000041', 'S000041'])
  for (const typed of ['41', 'S41', 'K7Q', 'K7QX', 'K7QX2M9', 'P000042', '0000'])
    expect(await numbers(typed)).toEqual([])
  const today = new Date(museum.now()).toISOString().slice(0, 10)
  expect((await search('K7QX2M9A'))[0]).toMatchObject({
    ...{ serial: 41, type: 1, typeWords: 'Plein tarif', status: 'valid', isUsedUp: false, entries: [] },
    ...{ firstDay: today, lastDay: today, slot: '14:00' },
  })
  expect(await search('S000043')).toMatchObject([{ type: 99, typeWords: null, slot: null }])
})

test('F11: an order is found still when its ticket came in, was blocked and was cancelled by the desk', async () => {
  museum.giveIssued([issuedTicket(41, 'K7QX2M9A', { ticket: A as never })])
  await decide(museum.signer.ticket(A))
  const told = { ticket: A, number: 'S000041', typeWords: 'Plein tarif' }
  expect(await search('K7QX2M9A')).toMatchObject([{ ...told, status: 'valid', entries: [{ persons: 1 }], inside: 1 }])
  const blocked = await staff.ask('PUT', `/tickets/${A}/status`, { status: 'blocked', reason: 'copie soupçonnée' })
  expect(blocked).toMatchObject({ status: 200, json: { ...told, status: 'blocked' } })
  const at = new Date(museum.now() + 1_000).toISOString()
  museum.giveFeed([{ n: 1, ticket: A as never, hash: null, status: 'canceled', serial: 41, at }])
  for (const typed of ['K7QX2M9A', 'S000041', '0041'])
    expect(await search(typed)).toMatchObject([{ ...told, status: 'canceled' }])
})

test('P12: shows what was used at the other museum, which the decision counts and names', async () => {
  const at = new Date(museum.now() - 60_000).toISOString()
  const elsewhere = [{ museum: 2, entries: 1, persons: 1, uses: [{ at, persons: 1 }] }]
  museum.giveFeed([{ n: 1, ticket: A as never, hash: null, status: 'valid', serial: 41, elsewhere }])
  expect((await decide(museum.signer.ticket(A))).json).toMatchObject({
    ...{ outcome: 'already_redeemed', detail: 'used-up', firstEntry: null },
    fix: { kind: 'entered-elsewhere', museum: 'Préhistoire', at },
  })
  expect(await search(A)).toMatchObject([{ entries: [], elsewhere: [{ at, museum: 'Préhistoire', persons: 1 }] }])
})
