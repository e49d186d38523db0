import type { SiteDocument } from './site-document.ts'

type Standing = Pick<SiteDocument, 'unit' | 'lanes'>

/** Every box of a site: its own first, then those of its lanes. A road site has one. */
export const unitsOf = ({ unit, lanes = [] }: Standing): string[] => [
  ...new Set([unit, ...lanes.flatMap((lane) => lane.unit ?? [])]),
]

/** The gateway of a museum: its own box, where each lane has another. Undefined: one box does all, or there is no lane. */
export const gatewayOf = ({ unit, lanes = [] }: Standing): string | undefined =>
  lanes.length > 0 && lanes.every((lane) => lane.unit !== undefined && lane.unit !== unit) ? unit : undefined

/** The box that drives a lane; undefined: the site has no such lane. */
export function unitOfLane({ unit, lanes = [] }: Standing, id: string): string | undefined {
  const lane = lanes.find((one) => one.id === id)
  return lane && (lane.unit ?? unit)
}

/** The same site with another box in the place of one. */
export function withUnitReplaced<Site extends Standing>(site: Site, gone: string, unit: string): Site {
  const lanes = site.lanes?.map((lane) => (lane.unit === gone ? { ...lane, unit } : lane))
  return { ...site, unit: site.unit === gone ? unit : site.unit, ...(lanes && { lanes }) }
}
