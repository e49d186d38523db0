import type { SiteDocument } from './site-document.ts'

/** A site at a road: what the public sees is of these alone. */
export type RoadSite = SiteDocument & { road: string; kind: Exclude<SiteDocument['kind'], 'musee'> }

/** The schema lets a museum alone be without a road; see `configurationProblems`. */
export const isRoadSite = (site: SiteDocument): site is RoadSite => site.kind !== 'musee' && site.road !== undefined

export const isMuseum = ({ kind }: Pick<SiteDocument, 'kind'>): boolean => kind === 'musee'
