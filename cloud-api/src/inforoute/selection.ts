import type { Place } from './place.ts'
import type { SiteKind } from './webcam.ts'
import { KIND_WORDS } from './wording.ts'

/** What a reader asked to see; it stands in the page's address, so that it can be shared. */
export type Selection = { kind: SiteKind | null; road: string | null; name: string; order: Order }
export type Order = 'altitude' | 'nom' | 'route'

export const ORDERS: readonly Order[] = ['altitude', 'nom', 'route']
export const KINDS = Object.keys(KIND_WORDS) as SiteKind[] // the keys are exactly the kinds
/** Longer than any place's name; what is beyond is ignored. */
const NAME_MAX = 60

const french = new Intl.Collator('fr', { numeric: true, sensitivity: 'base' })

/** Reads `?type=col&route=D908&nom=allos&tri=nom`. What it does not know it ignores: an old link still shows a page. */
export function readSelection(params: URLSearchParams): Selection {
  const road = params.get('route')?.trim().toUpperCase() ?? ''
  return {
    kind: KINDS.find((kind) => kind === params.get('type')) ?? null,
    road: road === '' ? null : road.slice(0, NAME_MAX),
    name: (params.get('nom') ?? '').trim().slice(0, NAME_MAX),
    order: ORDERS.find((order) => order === params.get('tri')) ?? 'altitude',
  }
}

/** The address that gives this selection; what is as it always is, is left out. */
export function addressOf({ kind, road, name, order }: Selection): string {
  const params = new URLSearchParams()
  if (kind !== null) params.set('type', kind)
  if (road !== null) params.set('route', road)
  if (name !== '') params.set('nom', name)
  if (order !== 'altitude') params.set('tri', order)
  const query = params.toString()
  return query === '' ? '/' : `/?${query}`
}

export const isEverything = ({ kind, road, name }: Selection) => kind === null && road === null && name === ''

/** The places that were asked for, in the order that was asked for. */
export function select(places: readonly Place[], selection: Selection): Place[] {
  const words = plain(selection.name).split(' ')
  return places
    .filter((place) => selection.kind === null || place.kind === selection.kind)
    .filter((place) => selection.road === null || place.road === selection.road)
    .filter((place) => words.every((word) => plain(`${place.name} ${place.road}`).includes(word)))
    .toSorted(BY[selection.order])
}

const byName = (a: Place, b: Place) => french.compare(a.name, b.name)
const BY: Record<Order, (a: Place, b: Place) => number> = {
  altitude: (a, b) => b.altitudeM - a.altitudeM || byName(a, b),
  nom: byName,
  route: (a, b) => french.compare(a.road, b.road) || b.altitudeM - a.altitudeM,
}

/** The roads of some places, D3 before D20. */
export const roadsOf = (places: readonly Place[]): string[] =>
  [...new Set(places.map(({ road }) => road))].toSorted(french.compare)

/** Letters and digits only, without accents: "col d'allos" finds "Col d’Allos". */
function plain(text: string): string {
  const letters = text.normalize('NFD').replaceAll(/\p{Mark}/gu, '')
  return letters
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}
