import type { FleetUnit } from '../../api/schemas.ts'
import { STANDINGS, standingOf } from '../standing.ts'

/** By what the list is ordered, as it stands in the address. */
export const ORDERS = ['etat', 'boitier', 'site', 'certificat', 'configuration', 'enrolement', 'logiciel'] as const
export type Order = (typeof ORDERS)[number]

export const isOrder = (text: string | null): text is Order => ORDERS.some((one) => one === text)

type Key = (unit: FleetUnit, now: number) => string | number | null

/** What comes first: who needs somebody, the certificate that ends first, the configuration that is not there yet, the enrolment that was last. */
const KEYS: Record<Order, Key> = {
  etat: (unit, now) => STANDINGS.indexOf(standingOf(unit, now)),
  boitier: ({ unit }) => unit,
  site: ({ siteName, site }) => siteName ?? site,
  certificat: ({ certificateEndsAt }) => certificateEndsAt,
  configuration: ({ configuration }) =>
    configuration === null ? null : Number(configuration.runs === configuration.desired),
  enrolement: ({ enrolledAt }) => (enrolledAt === null ? null : -Date.parse(enrolledAt)),
  logiciel: ({ software }) => software,
}

const french = new Intl.Collator('fr', { numeric: true })

/** In order; what is not known comes last, and equals stand by name. */
export function inOrder(units: readonly FleetUnit[], order: Order, now: number): FleetUnit[] {
  const key = (unit: FleetUnit) => KEYS[order](unit, now)
  return units.toSorted((one, other) => compare(key(one), key(other)) || french.compare(one.unit, other.unit))
}

function compare(one: string | number | null, other: string | number | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  return typeof one === 'number' && typeof other === 'number' ? one - other : french.compare(String(one), String(other))
}
