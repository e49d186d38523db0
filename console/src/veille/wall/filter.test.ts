import { expect, test } from 'vitest'
import { queryOf, readAsked } from '../address.ts'
import { siteOf } from '../wall.fixture.ts'
import { filterStandings } from './filter.ts'
import { standingOf } from './need.ts'

const all = [
  siteOf("Col d'Allos"),
  siteOf('Barrême', { road: 'D4085', freshness: 'late' }),
  siteOf('Vars', { road: 'D902', unit: { ...siteOf('x').unit, id: 'vg-0005' } }),
].map(standingOf)
const found = (query: string) => filterStandings(all, readAsked(query)).map(({ site }) => site.name)

test('the address says which sites are shown: by place, road, unit or state', () => {
  expect(found('')).toHaveLength(3)
  expect(found('?recherche=bareme')).toEqual([])
  expect(found('?recherche=BARREME')).toEqual(['Barrême'])
  expect(found('?recherche=d%27allos')).toEqual(["Col d'Allos"])
  expect(found('?recherche=d902')).toEqual(['Vars'])
  expect(found('?recherche=vg-0005')).toEqual(['Vars'])
  expect(found('?etat=late')).toEqual(['Barrême'])
})

test('the address comes back as it was', () => {
  for (const query of ['', '?recherche=vars&etat=late&site=col-de-vars', '?site=seyne']) {
    expect(queryOf(readAsked(query))).toBe(query)
  }
})
