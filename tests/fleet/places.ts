import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where everything of a simulated fleet is: the project's own files, and its one data folder. */
export type FleetPlaces = {
  reference: string
  referenceMuseums: string
  referenceOffer: string
  profiles: string
  /** A compiled file of a workspace; without a path, the folder. */
  program(workspace: string, path?: string): string
  data: string
  documents: string
  museums: string
  offer: string
  runtime: string
  pki: string
  /** The authority with its keys, its passphrase, its database; and the certificates that it gave to the cloud's parts. */
  authority: string
  issuingPassphrase: string
  authorityData: string
  parts: string
  cloud: string
  units: string
  passwords: string
  log(name: string): string
}

export function placesOf(dataFolder: string): FleetPlaces {
  const project = projectFolder()
  const data = (...path: string[]) => join(dataFolder, ...path)
  return {
    reference: join(project, 'firmware-config', 'sites'),
    referenceMuseums: join(project, 'firmware-config', 'museums'),
    referenceOffer: join(project, 'firmware-config', 'offer.json'),
    profiles: join(project, 'firmware-config', 'profiles', 'cameras'),
    program: (workspace, path = '') => join(project, workspace, 'dist', path),
    data: dataFolder,
    documents: data('fleet', 'sites'),
    museums: data('fleet', 'museums'),
    offer: data('fleet', 'offer.json'),
    runtime: data('fleet', 'runtime'),
    pki: data('pki'),
    authority: data('authority'),
    issuingPassphrase: data('authority', 'issuing-passphrase'),
    authorityData: data('authority', 'data'),
    parts: data('authority', 'parts'),
    cloud: data('cloud'),
    units: data('units'),
    passwords: data('fleet', 'passwords'),
    log: (name) => data('logs', `${name}.log`),
  }
}

/** This file is tests/fleet/places.ts or, compiled, tests/dist/fleet/places.js. */
function projectFolder(): string {
  const above = dirname(dirname(fileURLToPath(import.meta.url)))
  return above.endsWith('dist') ? dirname(dirname(above)) : dirname(above)
}
