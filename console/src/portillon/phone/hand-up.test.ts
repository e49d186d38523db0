import { expect, test } from 'vitest'
import type { UploadVerdict } from '../../api/museum.ts'
import { handUp } from './hand-up.ts'
import type { Outgoing, Settled, TurnedAway } from './kept.ts'

/** A phone with so many decisions, and a gateway that refuses some. */
function phoneWith(count: number, refused: (nonce: string) => string | null) {
  const outgoing = Array.from({ length: count }, (_, n): Outgoing => {
    const nonce = `nonce-${String(n).padStart(4, '0')}`
    const at = new Date(Date.UTC(2026, 7, 15, 9, 0, count - n)).toISOString()
    const body = { kind: 'decision', nonce, direction: 'in', outcome: 'invalid', ticket: null, persons: 0 } as const
    return { nonce, site: 'musee-salagon', at, body: { ...body, medium: 'none', listAge: { feed: 0, seconds: null } } }
  })
  const [sent, turnedAway, settled]: [string[][], TurnedAway[], string[]] = [[], [], []]
  const kept = {
    outgoing: async () => outgoing.filter(({ nonce }) => !settled.includes(nonce)),
    settle: async (sent: Outgoing, made: Settled) => {
      settled.push(sent.nonce)
      if ('reason' in made) turnedAway.push({ ...sent, ...made })
      return undefined
    },
  }
  const upload = async (some: { at: string; body: { nonce: string } }[]): Promise<UploadVerdict[]> => {
    sent.push(some.map(({ at }) => at))
    return some.map(({ body: { nonce } }) => {
      const reason = refused(nonce)
      return { nonce, outcome: reason === null ? 'stored' : 'refused', reason, id: reason === null ? nonce : null }
    })
  }
  return { deps: { api: { upload }, kept }, sent, turnedAway, settled }
}

test('Y05: 500 decisions are handed up each once, in the order in which they were made, as many as the gateway takes', async () => {
  const { deps, sent } = phoneWith(500, () => null)
  expect(await handUp(deps)).toBe(500)
  expect(sent.map((some) => some.length)).toEqual([200, 200, 100])
  expect(sent.flat()).toEqual(sent.flat().toSorted())
  expect(await handUp(deps)).toBe(0)
})

test('Y10: one that is refused for good is kept apart with the reason, and the rest goes on', async () => {
  const { deps, turnedAway, settled } = phoneWith(3, (nonce) => (nonce === 'nonce-0001' ? 'too-old' : null))
  expect(await handUp(deps)).toBe(2)
  expect(turnedAway).toMatchObject([{ nonce: 'nonce-0001', reason: 'too-old' }])
  expect(settled).toHaveLength(3)
})
