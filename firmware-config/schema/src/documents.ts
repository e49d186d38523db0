import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { CameraProfile } from './camera-profile.ts'
import { kindProblems } from './configuration/kind-problems.ts'
import { laneProblems } from './configuration/lane-problems.ts'
import { BoardProfile, ReaderProfile } from './lane-profiles.ts'
import { type Problem, ProblemsError, problemsOf } from './problems.ts'
import { SiteDocument } from './site-document.ts'
import { unitsOf } from './units-of.ts'

/** Reads one JSON document and checks it; throws a ProblemsError that names the file and every place. */
function documentReader<Schema extends TSchema>(schema: Schema): (file: string) => Static<Schema> {
  const problems = problemsOf(schema)
  return (file) => {
    let value: unknown
    try {
      value = JSON.parse(readFileSync(file, 'utf8'))
    } catch (cause) {
      const message = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
      throw new ProblemsError(file, [{ place: '(document)', message }])
    }
    const found = problems(value)
    if (found.length > 0) throw new ProblemsError(file, found)
    return value as Static<Schema> // checked on the line above
  }
}

const readSite = documentReader(SiteDocument)
const readProfile = documentReader(CameraProfile)
const readReader = documentReader(ReaderProfile)
const readBoard = documentReader(BoardProfile)

/** Reads one site's document and checks what no schema can: ids that stand twice, a file named otherwise than its site. */
export function readSiteDocument(file: string): SiteDocument {
  const site = readSite(file)
  const { cameras, lanes = [] } = site
  const found = [...kindProblems({ site, cameras, lanes }), ...laneProblems(lanes)]
  const problems: Problem[] = found.map(({ place, message }) => ({
    place: place.replace(/^\w+\./, ''), // the document that holds it: here it is one of all
    message,
  }))
  if (basename(file) !== `${site.id}.json`) problems.push({ place: 'id', message: 'is not the name of the file' })
  cameras.forEach(({ id, tour, presets }, index) => {
    const place = `cameras[${index}]`
    if (cameras.findIndex((other) => other.id === id) !== index) {
      problems.push({ place: `${place}.id`, message: `"${id}" stands twice` })
    }
    for (const name of repeated(presets.map((preset) => preset.id))) {
      problems.push({ place: `${place}.presets`, message: `"${name}" stands twice` })
    }
    if (tour?.home !== undefined && !presets.some((preset) => preset.id === tour.home)) {
      problems.push({ place: `${place}.tour.home`, message: 'is no preset of this camera' })
    }
  })
  if (problems.length > 0) throw new ProblemsError(file, problems)
  return site
}

/** Reads every site of a fleet's folders, in the order of their ids; a site has one file, a unit stands at one site only. */
export function readFleet(...folders: string[]): SiteDocument[] {
  const sites = folders.flatMap((folder) => readFolder(folder, readSiteDocument))
  const problems = [
    ...repeated(sites.flatMap(unitsOf)).map((unit) => ({ place: unit, message: 'stands at two sites' })),
    ...repeated(sites.map(({ id }) => id)).map((id) => ({ place: id, message: 'has two files' })),
  ]
  if (problems.length > 0) throw new ProblemsError(folders.join(', '), problems)
  return sites
}

/** Reads every camera profile of a folder, by id. */
export function readCameraProfiles(folder: string): Map<string, CameraProfile> {
  return new Map(readFolder(folder, readProfile).map((profile) => [profile.id, profile]))
}

/** Reads every profile of ticket readers of a folder, by id. */
export function readReaderProfiles(folder: string): Map<string, ReaderProfile> {
  return new Map(readFolder(folder, readReader).map((profile) => [profile.id, profile]))
}

/** Reads every profile of input and output boards of a folder, by id; one that hears nothing confirms no passage. */
export function readBoardProfiles(folder: string): Map<string, BoardProfile> {
  const boards = readFolder(folder, readBoard)
  const problems = boards
    .filter(({ inputs, confirmsPassage }) => inputs === 0 && confirmsPassage)
    .map(({ id }) => ({ place: `${id}.confirmsPassage`, message: 'must be false: it has no inputs' }))
  if (problems.length > 0) throw new ProblemsError(folder, problems)
  return new Map(boards.map((profile) => [profile.id, profile]))
}

function readFolder<Document>(folder: string, read: (file: string) => Document): Document[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().map((name) => read(join(folder, name)))
}

function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
