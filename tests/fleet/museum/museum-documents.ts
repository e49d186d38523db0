import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readOffer } from '@vigie/cloud-api/tickets/read-offer'
import { readFleet } from '@vigie/config-schema/documents'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { unitsOf } from '@vigie/config-schema/units-of'
import { siteFile } from '../fleet-documents.ts'
import type { MuseumPlan } from './plan-museums.ts'

export const readMuseums = (folder: string, ids: readonly string[]): SiteDocument[] =>
  readFleet(folder).filter(({ id }) => ids.includes(id))

/** The documents of the museums that are simulated, in a folder of their own. */
export function writeMuseumDocuments(folder: string, plan: readonly MuseumPlan[]): void {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  for (const { document } of plan)
    writeFileSync(siteFile(folder, document.id), `${JSON.stringify(document, null, 2)}\n`)
  readFleet(folder) // throws where a document is none
}

/** What the museums sell, open by day and by night: who looks at a fleet in the evening finds its gates at work. */
export function writeOffer(reference: string, file: string): void {
  const offer = readOffer(readFileSync(reference, 'utf8'))
  const opening = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }]
  const museums = offer.museums.map((museum) => ({ ...museum, opening, closedDays: [] }))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ ...offer, museums }, null, 2)}\n`)
}

/** A box that stands at a museum: that of its gateway, or one of its lanes'. */
export type Standing = Pick<SiteDocument, 'id' | 'unit'>

export const gatewayBoxes = (museums: readonly MuseumPlan[]): Standing[] =>
  museums.map(({ document: { id, unit } }) => ({ id, unit }))

export const laneBoxes = (museums: readonly MuseumPlan[]): Standing[] =>
  museums.flatMap(({ document }) =>
    unitsOf(document)
      .filter((unit) => unit !== document.unit)
      .map((unit) => ({ id: document.id, unit })),
  )
