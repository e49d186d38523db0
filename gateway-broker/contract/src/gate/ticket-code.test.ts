import { createHash, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import {
  presentTrial,
  TRIAL_TYPES,
  trialCatalogue,
  trialCode,
  trialFlags,
  trialKeyPair,
  trialPayload,
  trialTicketKey,
} from '@vigie/tests/fixtures/trial-tickets'
import fc from 'fast-check'
import { create } from 'qrcode'
import { describe, expect, test } from 'vitest'
import { BASE45_ALPHABET } from './base45.ts'
import { CALIBRATION_CODE, readCalibration } from './calibration-code.ts'
import {
  bitsOfFlags,
  CODE_CHARACTERS,
  decodeTicketPayload,
  encodeTicketPayload,
  FLAG_BITS,
  flagsOfBits,
  foreignText,
  LANE_BITS,
  MUSEUM_BITS,
  readTicketCode,
  signedBytes,
  type TicketId,
  type TicketPayload,
  ticketCodeText,
} from './ticket-code.ts'

const page = readFileSync(new URL('../../../../docs/ticket-code.md', import.meta.url), 'utf8')
const catalogue = trialCatalogue()
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const payloads: fc.Arbitrary<TicketPayload> = fc.record({
  kind: fc.constantFrom('ticket', 'test'),
  key: fc.nat({ max: 255 }),
  id: fc.stringMatching(/^[0-9a-f]{16}$/) as fc.Arbitrary<TicketId>, // its pattern
  type: fc.nat({ max: 65_535 }),
  museums: fc.integer({ min: 1, max: 3 }),
  lanes: fc.integer({ min: 1, max: 7 }),
  firstDay: fc.nat({ max: 65_535 }),
  days: fc.integer({ min: 1, max: 255 }),
  slotStart: fc.option(fc.nat({ max: 1439 })),
  toleranceMin: fc.nat({ max: 255 }),
  entries: fc.nat({ max: 255 }),
  persons: fc.integer({ min: 1, max: 255 }),
  flags: fc.nat({ max: 31 }).map(flagsOfBits),
  serial: fc.nat({ max: 0xffffffff }),
})

describe('the payload of a ticket', () => {
  test('is given back whole, from 27 bytes', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const bytes = encodeTicketPayload(payload)
        expect(bytes).toHaveLength(27)
        expect(decodeTicketPayload(bytes)).toEqual({ ok: true, payload })
      }),
    )
  })

  test('is laid out as docs/ticket-code.md says', () => {
    const rows = [...page.matchAll(/^\| (\d+)(?:\.\.(\d+))? +\| ([a-z ]+?) +\|/gm)]
    const places = rows.map(([, from, to, name]) => ({ from: Number(from), to: Number(to ?? from), name }))
    expect(places[0]).toMatchObject({ from: 0 })
    expect(places.at(-1)).toMatchObject({ to: 26 })
    for (const [index, { from }] of places.slice(1).entries()) expect(from).toBe((places[index]?.to ?? 0) + 1)
    const plain = encodeTicketPayload(trialPayload({ slotStart: 600 }))
    const changed: Record<string, Partial<TicketPayload>> = {
      'version and kind': { kind: 'test' },
      key: { key: 255 },
      ticket: { id: 'ffffffffffffffff' as TicketId },
      type: { type: 0xfefe },
      museums: { museums: 2 },
      lanes: { lanes: 4 },
      'first day': { firstDay: 0xfefe },
      days: { days: 200 },
      slot: { slotStart: 1 },
      tolerance: { toleranceMin: 9 },
      entries: { entries: 9 },
      persons: { persons: 9 },
      flags: { flags: trialFlags({ proof: true }) },
      serial: { serial: 0xfefefefe },
    }
    for (const { from, to, name = '' } of places) {
      const bytes = encodeTicketPayload(trialPayload({ slotStart: 600, ...changed[name] }))
      const differing = [...bytes.keys()].filter((place) => bytes[place] !== plain[place])
      expect(differing.length, name).toBeGreaterThan(0)
      expect(Math.min(...differing), name).toBeGreaterThanOrEqual(from)
      expect(Math.max(...differing), name).toBeLessThanOrEqual(to)
    }
    expect(Object.keys(changed)).toHaveLength(places.length)
  })

  test('has the bits that the page names', () => {
    expect(page).toContain('bits: 1 Salagon, 2 Préhistoire')
    expect(MUSEUM_BITS).toEqual({ salagon: 1, prehistoire: 2 })
    expect(page).toContain('bits: 1 tripod, 2 wide lane, 4 coupe-file')
    expect(LANE_BITS).toEqual({ tripod: 1, wide: 2, fast: 4 })
    expect(FLAG_BITS).toEqual({ reentry: 1, proof: 2, perDay: 4, companion: 8, soldAtTill: 16 })
    expect(bitsOfFlags(flagsOfBits(31))).toBe(31)
  })

  test.each([
    ['another version', 0, 0x21, 'version-unknown'],
    ['another kind', 0, 0x13, 'kind-unknown'],
    ['a museum that is not there', 12, 4, 'bits-reserved'],
    ['no museum', 12, 0, 'value-wrong'],
    ['a lane that is not there', 13, 8, 'bits-reserved'],
    ['no lane', 13, 0, 'value-wrong'],
    ['no day', 16, 0, 'value-wrong'],
    ['no person', 21, 0, 'value-wrong'],
    ['a flag from the future', 22, 32, 'bits-reserved'],
  ])('with %s is refused', (_, place, value, why) => {
    const bytes = encodeTicketPayload(trialPayload())
    bytes[place] = value
    expect(decodeTicketPayload(bytes)).toEqual({ ok: false, why })
  })

  test('with a slot beyond midnight is refused', () => {
    const bytes = encodeTicketPayload(trialPayload())
    new DataView(bytes.buffer).setUint16(17, 1440)
    expect(decodeTicketPayload(bytes)).toEqual({ ok: false, why: 'value-wrong' })
  })

  test.each([
    { persons: 0 },
    { days: 256 },
    { slotStart: 1440 },
    { museums: 4 },
    { firstDay: -1 },
    { serial: 2 ** 32 },
  ])('is not written with %j', (change) => {
    expect(() => encodeTicketPayload(trialPayload(change))).toThrow(RangeError)
  })
})

describe('the test vectors of docs/ticket-code.md', () => {
  const vectors: [string, Partial<TicketPayload>][] = [
    ['A full-price ticket', {}],
    [
      'A card for ten entries',
      {
        id: '0000000000000001' as TicketId,
        type: TRIAL_TYPES.card,
        museums: 3,
        days: 255,
        entries: 10,
        flags: trialFlags({ soldAtTill: true }),
        serial: 4294967295,
      },
    ],
    [
      'A guided tour',
      {
        id: 'ffffffffffffffff' as TicketId,
        type: TRIAL_TYPES.tour,
        lanes: 2,
        slotStart: 840,
        toleranceMin: 15,
        flags: trialFlags({ proof: true, companion: true }),
        serial: 1,
      },
    ],
    ['The first again as a test ticket', { kind: 'test' }],
  ]

  test.each(vectors)('%s: the same bytes, the same text, and it holds', (name, change) => {
    const payload = trialPayload(change)
    const text = trialCode(payload)
    const part = page.slice(page.indexOf(name))
    expect(/payload: (\S+)/.exec(part)?.[1]).toBe(hex(encodeTicketPayload(payload)))
    expect(/text: (.+)/.exec(part)?.[1]).toBe(text)
    expect(presentTrial(text, catalogue)).toMatchObject({ seal: 'good', payload })
  })

  test('the key and the hash of another seller are those that the page names', () => {
    const key = Buffer.from(trialKeyPair.publicKey, 'base64url').toString('hex')
    expect(/key: (\S+)/.exec(page)?.[1]).toBe(key)
    const hash = createHash('sha256').update(foreignText('billetweb', ' 0123456789 ')).digest('hex').slice(0, 32)
    expect(page).toContain(`    ${hash}\n`)
  })
})

describe('a ticket code', () => {
  test('is alphanumeric, and fits a QR of version 6-M on paper and 8-Q on a phone', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const text = trialCode(payload)
        expect(text).toHaveLength(CODE_CHARACTERS)
        const onPaper = create(text, { errorCorrectionLevel: 'M' })
        expect(onPaper.segments.map(({ mode }) => String(mode.id))).toEqual(['Alphanumeric'])
        expect(onPaper.version).toBeLessThanOrEqual(6)
        expect(create(text, { errorCorrectionLevel: 'Q' }).version).toBeLessThanOrEqual(8)
      }),
      { numRuns: 20 },
    )
  })

  test('L15: is read in lower case and with white space around it, and is the same ticket', () => {
    const text = trialCode(trialPayload())
    const whole = readTicketCode(text)
    expect(whole).toMatchObject({ ok: true })
    for (const changed of [text.toLowerCase(), `${text}\r\n`, `  ${text} `])
      expect(readTicketCode(changed)).toEqual(whole)
    expect(presentTrial(text.toLowerCase(), catalogue)).toMatchObject({ seal: 'good' })
  })

  test('L15: never ends in a space, so that a reader that trims takes nothing away', () => {
    fc.assert(
      fc.property(payloads, fc.uint8Array({ minLength: 64, maxLength: 64 }), (payload, signature) => {
        expect(ticketCodeText(encodeTicketPayload(payload), signature)).toMatch(/[0-5]$/)
      }),
    )
  })

  test('K02: with one character changed it is never believed, whichever and to what', () => {
    const text = trialCode(trialPayload())
    for (const [place, was] of [...text].entries()) {
      const other = BASE45_ALPHABET.charAt((BASE45_ALPHABET.indexOf(was) + 1 + (place % 44)) % 45)
      const presented = presentTrial(text.slice(0, place) + other + text.slice(place + 1), catalogue)
      expect(presented.medium === 'signed' && presented.seal === 'good', `character ${place}`).toBe(false)
    }
  })

  test('cut off, or with more behind it, is never believed', () => {
    const text = trialCode(trialPayload())
    for (let length = 0; length < text.length; length += 1) {
      const presented = presentTrial(text.slice(0, length), catalogue)
      expect(presented.medium === 'signed' && presented.seal === 'good', `${length} characters`).toBe(false)
    }
    for (const more of ['A', ' A', text])
      expect(readTicketCode(text + more)).toEqual({ ok: false, why: 'length-wrong' })
  })

  test('signed behind other words, or over the payload alone, or by another key, is not believed', () => {
    const bytes = encodeTicketPayload(trialPayload())
    const { privateKey } = trialKeyPair
    const other = Buffer.concat([Buffer.from('vigie ticket 2\0'), bytes])
    for (const signature of [
      sign(null, other, privateKey),
      sign(null, bytes, privateKey),
      sign(null, signedBytes(bytes), trialTicketKey(8).privateKey),
      new Uint8Array(64),
    ]) {
      expect(presentTrial(ticketCodeText(bytes, signature), catalogue)).toMatchObject({ seal: 'wrong' })
    }
  })

  test('of 5,000 random strings none is believed, and none makes it throw', () => {
    const seed = seedOfRun()
    const random = seededRandom(seed)
    const draw = (most: number) => Math.floor(random() * most)
    for (let round = 0; round < 5000; round += 1) {
      const alphabet = round % 3 === 0 ? '\0\u001b\u00e9\u{1f3ab}ı ABC:19' : BASE45_ALPHABET
      const body = Array.from({ length: round % 2 === 0 ? 137 : draw(300) }, () =>
        alphabet.charAt(draw(alphabet.length)),
      )
      const presented = presentTrial((round % 5 === 0 ? '' : 'VG1:') + body.join(''), catalogue)
      expect(presented.medium === 'signed' && presented.seal === 'good', `seed ${seed}, round ${round}`).toBe(false)
    }
  })

  test('K07: holds under its own key alone, also where another key has the same number', () => {
    const text = trialCode(trialPayload())
    const [own] = catalogue.keys
    if (own === undefined) throw new Error('a key')
    const other = { ...own, publicKey: trialTicketKey(9).publicKey }
    expect(presentTrial(text, trialCatalogue({ keys: [other] }))).toMatchObject({ seal: 'wrong' })
    expect(presentTrial(text, trialCatalogue({ keys: [] }))).toMatchObject({ seal: 'key-unknown' })
    expect(presentTrial(text, trialCatalogue({ keys: [other, own] }))).toMatchObject({ seal: 'good', key: own })
  })
})

test('the calibration code holds every character of a ticket, and tells what a reader did to it', () => {
  expect([...BASE45_ALPHABET].filter((one) => !CALIBRATION_CODE.includes(one))).toEqual([])
  expect(create(CALIBRATION_CODE).segments.map(({ mode }) => String(mode.id))).toEqual(['Alphanumeric'])
  expect(readCalibration(CALIBRATION_CODE)).toBe('right')
  expect(readCalibration(CALIBRATION_CODE.toLowerCase())).toBe('lower-case')
  expect(readCalibration(CALIBRATION_CODE.replace('Q', 'A'))).toBe('damaged')
  expect(readCalibration('3760123456789')).toBe('another-code')
})
