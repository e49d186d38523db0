import { describe, expect, test } from 'vitest'
import { addressOf, readAsked } from '../address.ts'
import { at, DAY_MS, NO_ALARM, NOW, unitOf } from '../unit.fixture.ts'
import { filterUnits } from './filter.ts'
import { inOrder, type Order } from './order.ts'

const units = [
  unitOf('vg-0010', {
    ...{ siteName: 'Seyne', site: 'seyne', road: 'D900', software: '0.2.0' },
    configuration: { desired: 4, runs: 3, isRefused: false, ...NO_ALARM },
  }),
  unitOf('vg-0002', { siteName: 'Élan', site: 'elan', presence: 'offline', certificateEndsAt: at(NOW + 9 * DAY_MS) }),
  unitOf('vg-0001', { software: null, certificateEndsAt: null, enrolledAt: at(NOW) }),
]

describe('the list of the fleet', () => {
  test('is ordered by what its column shows, with what is not known last', () => {
    const names = (order: Order) => inOrder(units, order, NOW).map(({ unit }) => unit)
    expect(names('etat')).toEqual(['vg-0002', 'vg-0001', 'vg-0010'])
    expect(names('boitier')).toEqual(['vg-0001', 'vg-0002', 'vg-0010'])
    expect(names('site')).toEqual(['vg-0001', 'vg-0002', 'vg-0010'])
    expect(names('certificat')).toEqual(['vg-0002', 'vg-0010', 'vg-0001'])
    expect(names('configuration')).toEqual(['vg-0010', 'vg-0001', 'vg-0002'])
    expect(names('enrolement')).toEqual(['vg-0001', 'vg-0002', 'vg-0010'])
    expect(names('logiciel')).toEqual(['vg-0002', 'vg-0010', 'vg-0001'])
  })

  test('finds a unit by its name, its place or its road, with or without accents', () => {
    const found = (search: string) => filterUnits(units, { search, standing: null }, NOW).map(({ unit }) => unit)
    expect(found('')).toHaveLength(3)
    expect(found('elan')).toEqual(['vg-0002'])
    expect(found('d900 seyne')).toEqual(['vg-0010'])
    expect(found('paris')).toEqual([])
  })

  test('shows those of one state', () => {
    const shown = filterUnits(units, { search: '', standing: 'offline' }, NOW)
    expect(shown.map(({ unit }) => unit)).toEqual(['vg-0002'])
  })
})

describe('its address', () => {
  test('brings whoever opens it to the same list, or to the same unit', () => {
    const list = { search: 'col d’Allos', standing: 'expired', order: 'site', unit: null } as const
    const unit = { search: '', standing: null, order: 'etat', unit: 'vg-0001' } as const
    for (const asked of [list, unit]) {
      const { pathname, search } = new URL(addressOf(asked), 'https://vigie.example')
      expect(readAsked({ pathname, search })).toEqual(asked)
    }
    expect(addressOf(unit)).toBe('/parc/vg-0001')
  })

  test('is taken for the whole list where it says what nobody knows', () => {
    expect(readAsked({ pathname: '/parc', search: '?etat=parfait&tri=gout' })).toMatchObject({
      ...{ standing: null, order: 'etat', unit: null },
    })
  })
})
