import { expect, test } from 'vitest'
import { Refused } from '../../api/refused.ts'
import type { Gate } from '../gate.ts'
import { askDecision, NoList } from './ask-decision.ts'

/** A phone that has no list, so that one that decides by itself is seen by a NoList. */
function gateThat(refuses: () => Error) {
  const kept = { catalogue: async () => null, mark: async () => null, outgoing: async () => [] }
  const link = { value: 'up' }
  const api = { decide: () => Promise.reject(refuses()) }
  const me = { value: { site: 'musee-salagon', until: '2099-01-01T00:00:00.000Z' } }
  return { link, gate: { api, me, kept, link, newId: () => 'nonce-0001', now: Date.now } as unknown as Gate } // what a question touches
}
const problem = (name: string) => new Refused(503, name, { type: `urn:vigie:problem:${name}` })

test('a phone decides by itself where the gateway is gone, and where it can write nothing', async () => {
  const gone = gateThat(() => new TypeError('fetch failed'))
  await expect(askDecision(gone.gate, { code: 'VG1:X', direction: 'in' })).rejects.toThrow(NoList)
  expect(gone.link.value).toBe('down')
  const failing = gateThat(() => problem('ledger-failing'))
  await expect(askDecision(failing.gate, { code: 'VG1:X', direction: 'in' })).rejects.toThrow(NoList)
  expect(failing.link.value).toBe('up')
})

test('what the gateway refuses for another reason is told as it is', async () => {
  const { gate } = gateThat(() => problem('no-catalogue'))
  await expect(askDecision(gate, { code: 'VG1:X', direction: 'in' })).rejects.toThrow(Refused)
})
