import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFleet } from '@vigie/config-schema/documents'
import type { SiteDocument } from '@vigie/config-schema/site-document'

/** Which part of the reference fleet is simulated. */
export type FleetChoice = {
  /** The first so many, or these by id. */
  sites: number | readonly string[]
  /** How many times faster than planned pictures are taken: 6 makes a minute ten seconds. */
  pace: number
}

/** The documents of a simulated fleet: those of the reference fleet, fewer and faster as chosen, in a folder of its own. */
export function writeFleetDocuments(referenceFolder: string, folder: string, choice: FleetChoice): SiteDocument[] {
  const reference = readFleet(referenceFolder).sort((one, other) => (one.unit < other.unit ? -1 : 1))
  const { sites } = choice
  const chosen =
    typeof sites === 'number' ? reference.slice(0, sites) : reference.filter(({ id }) => sites.includes(id))
  const fleet = chosen.map((site) => hurried(site, choice.pace))
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  for (const site of fleet) writeFileSync(siteFile(folder, site.id), `${JSON.stringify(site, null, 2)}\n`)
  return readFleet(folder)
}

export const siteFile = (folder: string, site: string) => join(folder, `${site}.json`)

function hurried(site: SiteDocument, pace: number): SiteDocument {
  return { ...site, cameras: site.cameras.map((camera) => ({ ...camera, schedule: faster(camera.schedule, pace) })) }
}

/** Every interval of a schedule, divided; the days of its winter stay. */
function faster<Part extends object>(schedule: Part, pace: number): Part {
  const entries = Object.entries(schedule).map(([key, value]) => {
    if (typeof value === 'number') return [key, Math.max(1, Math.round(value / pace))]
    return [key, typeof value === 'object' && value !== null ? faster(value, pace) : value]
  })
  return Object.fromEntries(entries) as Part // the same keys, numbers for numbers
}
