import type { MuseumPlan } from './plan-museums.ts'
import type { Customs } from './visitors.ts'

/** On a fine day of June, by museum: somebody comes every twenty seconds and stays for some minutes, to be seen leaving. */
const [EVERY_MS, STAY_MS] = [20_000, 240_000]

/** Full price most often, then reduced, free, families, the pass for both: numbers of firmware-config/offer.json. */
const BOUGHT: Readonly<Record<string, Pick<Customs, 'types' | 'elsewhere'>>> = {
  'musee-salagon': { types: [1, 1, 1, 2, 3, 4, 21], elsewhere: 11 },
  'musee-prehistoire': { types: [11, 11, 11, 12, 13, 14, 21], elsewhere: 1 },
}

export const customsOf = (museums: readonly MuseumPlan[]): Customs[] =>
  museums.flatMap(({ document: { id } }) => {
    const bought = BOUGHT[id]
    return bought === undefined ? [] : [{ site: id, ...bought, everyMs: EVERY_MS, stayMs: STAY_MS }]
  })
