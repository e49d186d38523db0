import { describe, expect, test } from 'vitest'
import { principalOf } from './principal.ts'

describe('the party that a certificate names', () => {
  test('is a unit at its site, or the cloud', () => {
    expect(principalOf({ CN: 'vg-0001', OU: 'seyne' })).toEqual({ role: 'unit', unit: 'vg-0001', site: 'seyne' })
    expect(principalOf({ CN: 'cloud' })).toEqual({ role: 'cloud' })
  })

  test.each([
    ['no subject', undefined],
    ['an empty subject', {}],
    ['a unit without a site', { CN: 'vg-0001' }],
    ['a site without a unit', { OU: 'seyne' }],
    ['two common names, of which TLS libraries take different ones', { CN: ['vg-0001', 'cloud'], OU: 'seyne' }],
    ['two sites', { CN: 'vg-0001', OU: ['seyne', 'col-d-allos'] }],
    ['a wildcard', { CN: '+', OU: 'seyne' }],
    ['a level separator', { CN: 'vg-0001/receipt', OU: 'seyne' }],
    ['another spelling of the cloud', { CN: 'Cloud', OU: 'seyne' }],
    ["a unit whose id would pass for a cloud's client id", { CN: 'cloud-1', OU: 'seyne' }],
  ])('is nobody with %s', (_, subject) => {
    expect(principalOf(subject)).toBeUndefined()
  })
})
