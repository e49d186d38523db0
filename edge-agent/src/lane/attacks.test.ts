import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { BASE45_ALPHABET } from '@vigie/contract/gate/base45'
import { isRowOf } from '@vigie/contract/gate/row'
import { CODE_PREFIX, encodeTicketPayload, signedBytes, ticketCodeText } from '@vigie/contract/gate/ticket-code'
import { openTrialBox, type TrialBox } from '@vigie/tests/fixtures/museum/trial-box'
import { trialTicket } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const [A, B] = ['00000000000000a1', '00000000000000a2'] as const
/** Longer than a code must be away to be shown anew. */
const AWAY_MS = 5_000

let museum: TrialMuseum
let box: TrialBox
beforeAll(async () => {
  museum = await openTrialMuseum()
})
beforeEach(async () => {
  const { folder, authority, signer, now } = museum
  box = await openTrialBox({ folder, authority, signer, now })
  box.giveCatalogue()
})
afterEach(() => box.stop().catch(() => undefined))
afterAll(() => museum.remove())

/** Shown to the real lane, each lets nobody in and leaves no mark on the ticket that it takes after. */
async function areAllRefused(codes: readonly string[]): Promise<void> {
  for (const code of codes) {
    box.pass(AWAY_MS)
    expect(await box.show(code), code).toMatchObject({ outcome: 'invalid' })
  }
  expect(box.desk.released).toEqual([])
  await box.admit(museum.signer.ticket(A))
}

const payload = encodeTicketPayload(trialTicket(A))
const stranger = generateKeyPairSync('ed25519').privateKey

describe('a lane', () => {
  test('K02: lets nobody in by a forged signature, nor by one of a key of somebody’s own', async () => {
    const forged = Array.from({ length: 20 }, () => ticketCodeText(payload, randomBytes(64)))
    const resigned = ticketCodeText(payload, sign(null, signedBytes(payload), stranger))
    const none = ticketCodeText(payload, new Uint8Array(64))
    await areAllRefused([...forged, resigned, none])
  })

  test('K02: lets nobody in by the season’s own signature over other words, or over other bytes', async () => {
    const { seal } = museum.signer
    const words = ['vigie ticket 2\0', 'vigie ticket 1', 'vigie foreign 1\0', '']
    const others = words.map((word) => ticketCodeText(payload, seal(Buffer.concat([Buffer.from(word), payload]))))
    const swapped = ticketCodeText(encodeTicketPayload(trialTicket(B)), seal(signedBytes(payload)))
    await areAllRefused([...others, swapped])
  })

  test('K02: lets nobody in by a code that was cut, or has something behind it', async () => {
    const code = museum.signer.ticket(A)
    const cut = Array.from({ length: 20 }, (_, index) => code.slice(0, code.length - 1 - index * 6))
    await areAllRefused([...cut, `${code}A0`, `${code}${code}`, code.slice(1)])
  })

  test('R04: lets in a code that was copied once, also after a power cut', async () => {
    const code = museum.signer.ticket(A)
    await box.admit(code)
    const again = async () => {
      box.pass(AWAY_MS)
      return box.show(code)
    }
    expect(await again()).toMatchObject({ outcome: 'already_redeemed' })
    await box.restart()
    box.giveCatalogue()
    expect(await again()).toMatchObject({ outcome: 'already_redeemed' })
    await box.stop()
    const letIn = box.rows().filter((row) => isRowOf(row, 'decision') && row.body.outcome === 'ok')
    expect(letIn).toHaveLength(1)
  })

  test('R03: lets nobody in by random strings, keeps none of them, and goes on', async () => {
    const seed = seedOfRun()
    console.log(`random codes at a lane: seed ${seed}`)
    const random = seededRandom(seed)
    const count = process.env['VIGIE_SOAK'] === '1' ? 5_000 : 300
    const letters = [BASE45_ALPHABET, `${BASE45_ALPHABET}abcdefghijklmnopqrstuvwxyz"'<>&;{}[]\\|~^#@!?éàü€`]
    const word = () => {
      const alphabet = [...(letters[random() < 0.5 ? 0 : 1] ?? '')]
      const length = 16 + Math.floor(random() * 180)
      return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
    }
    const codes = Array.from({ length: count }, () => (random() < 0.5 ? CODE_PREFIX : 'X') + word())
    await areAllRefused(codes)
    await box.stop()
    const kept = JSON.stringify(box.rows()) + JSON.stringify(box.log)
    expect(codes.filter((code) => kept.includes(code.slice(4, 16)))).toEqual([])
  })
})
