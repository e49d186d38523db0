import { GATE_JWS_MAX_BYTES, PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { Principal } from '@vigie/contract/topics'
import { describe, expect, test } from 'vitest'
import { refusePublish } from './publish-rules.ts'

const unit: Principal = { role: 'unit', site: 'seyne' as SiteId, unit: 'vg-0002' as UnitId } // ids by their pattern
const topic = (what: string) => ['vigie', 1, 'seyne', 'vg-0002', what].join('/')
const request = { topic: topic('frame/cam1/amont'), qos: 0, retain: false, payloadBytes: 1 }

describe('publishing', () => {
  test('takes the largest payload of the contract and not a byte more', () => {
    expect(refusePublish(unit, { ...request, payloadBytes: PAYLOAD_MAX_BYTES })).toBeUndefined()
    expect(refusePublish(unit, { ...request, payloadBytes: PAYLOAD_MAX_BYTES + 1 })).toBe('payload-too-long')
  })

  test('keeps presence and desired documents, each by the party that says them', () => {
    const retained = { ...request, retain: true, qos: 1 }
    expect(refusePublish(unit, { ...retained, topic: topic('presence') })).toBeUndefined()
    expect(refusePublish({ role: 'cloud' }, { ...retained, topic: topic('desired/masks') })).toBeUndefined()
    expect(refusePublish(unit, { ...retained, topic: topic('desired/masks') })).toBe('topic-not-allowed')
    expect(refusePublish({ role: 'cloud' }, { ...retained, topic: topic('presence') })).toBe('topic-not-allowed')
    expect(refusePublish({ role: 'cloud' }, { ...retained, topic: topic('receipt') })).toBe('retain-not-allowed')
    expect(refusePublish(unit, { ...retained, topic: topic('presence'), qos: 0 })).toBe('retain-needs-qos-1')
    expect(refusePublish(unit, { ...retained, topic: topic('presence'), payloadBytes: 100_000 })).toBe(
      'retained-too-long',
    )
  })

  test('keeps the catalogue of a museum, which is longer than anything a unit may leave', () => {
    const catalogue = { ...request, retain: true, qos: 1, topic: topic('catalogue') }
    expect(refusePublish({ role: 'cloud' }, { ...catalogue, payloadBytes: GATE_JWS_MAX_BYTES })).toBeUndefined()
    expect(refusePublish({ role: 'cloud' }, { ...catalogue, payloadBytes: GATE_JWS_MAX_BYTES + 1 })).toBe(
      'retained-too-long',
    )
    expect(refusePublish(unit, catalogue)).toBe('topic-not-allowed')
  })
})
