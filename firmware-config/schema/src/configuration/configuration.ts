import type { Static, TSchema } from 'typebox'
import type { Problem } from '../problems.ts'
import { problemsOf } from '../problems.ts'
import { BudgetDocument } from './budget.ts'
import { CamerasDocument, EnteredCamerasDocument, type ShownCamerasDocument, StoredCamerasDocument } from './camera.ts'
import { kindProblems } from './kind-problems.ts'
import { LaneDocument } from './lane.ts'
import { laneProblems } from './lane-problems.ts'
import { MasksDocument } from './masks.ts'
import { SchedulesDocument } from './schedule.ts'
import { SiteFacts } from './site.ts'

/** The documents of a unit's configuration. */
export const CONFIGURATION_DOCUMENTS = ['site', 'camera', 'lane', 'masks', 'schedule', 'budget'] as const
export type ConfigurationDocument = (typeof CONFIGURATION_DOCUMENTS)[number]

const common = {
  site: SiteFacts,
  lane: LaneDocument,
  masks: MasksDocument,
  schedule: SchedulesDocument,
  budget: BudgetDocument,
} as const

/** The schema of each document, in the form in which the unit gets it. */
export const DOCUMENT_SCHEMAS = { ...common, camera: CamerasDocument } as const

type Common = { [Name in keyof typeof common]: Static<(typeof common)[Name]> }

/** What a unit should be: one of each document. */
export type Configuration = Common & { camera: CamerasDocument }
export type StoredConfiguration = Common & { camera: StoredCamerasDocument }
export type EnteredConfiguration = Common & { camera: EnteredCamerasDocument }
export type ShownConfiguration = Common & { camera: ShownCamerasDocument }

const checksOf = <Schemas extends Record<ConfigurationDocument, TSchema>>(schemas: Schemas) =>
  CONFIGURATION_DOCUMENTS.map((name) => ({ name, problems: problemsOf(schemas[name]) }))

const CHECKS = {
  sealed: checksOf(DOCUMENT_SCHEMAS),
  stored: checksOf({ ...common, camera: StoredCamerasDocument }),
  entered: checksOf({ ...common, camera: EnteredCamerasDocument }),
}

/** What is wrong with documents: each by its schema, then with one another. The place begins with the document's name. */
export function configurationProblems(
  documents: Readonly<Record<ConfigurationDocument, unknown>>,
  form: keyof typeof CHECKS,
): Problem[] {
  const wrong = CHECKS[form].flatMap(({ name, problems }) =>
    problems(documents[name]).map(({ place, message }) => ({
      place: place === '(document)' ? name : `${name}.${place}`,
      message,
    })),
  )
  return wrong.length > 0 ? wrong : disagreements(documents as ShownConfiguration) // each has its shape, as was just seen
}

/** What no schema can see: ids that stand twice, and documents that speak of what is not there. */
function disagreements({ site, camera, lane, masks, schedule }: ShownConfiguration): Problem[] {
  const problems: Problem[] = [
    ...kindProblems({ site, cameras: camera.cameras, lanes: lane.lanes }),
    ...laneProblems(lane.lanes),
  ]
  const wrong = (place: string, message: string) => problems.push({ place, message })
  const twice = (names: readonly string[], place: (index: number) => string) => {
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index) wrong(place(index), `"${name}" stands twice`)
    })
  }
  twice(
    camera.cameras.map(({ id }) => id),
    (index) => `camera.cameras[${index}].id`,
  )
  twice(
    lane.lanes.map(({ id }) => id),
    (index) => `lane.lanes[${index}].id`,
  )
  twice(
    schedule.cameras.map((one) => one.camera),
    (index) => `schedule.cameras[${index}].camera`,
  )
  twice(
    masks.views.map((view) => `${view.camera}/${view.preset}`),
    (index) => `masks.views[${index}]`,
  )
  camera.cameras.forEach(({ id, presets, tour }, index) => {
    twice(
      presets.map((preset) => preset.id),
      (at) => `camera.cameras[${index}].presets[${at}].id`,
    )
    if (tour?.home !== undefined && !presets.some((preset) => preset.id === tour.home)) {
      wrong(`camera.cameras[${index}].tour.home`, 'is no preset of this camera')
    }
    if (!schedule.cameras.some((one) => one.camera === id)) wrong('schedule.cameras', `"${id}" is missing`)
  })
  schedule.cameras.forEach((one, index) => {
    if (!camera.cameras.some(({ id }) => id === one.camera)) {
      wrong(`schedule.cameras[${index}].camera`, 'is no camera of this site')
    }
  })
  masks.views.forEach((view, index) => {
    const presets = camera.cameras.find(({ id }) => id === view.camera)?.presets
    if (!presets) wrong(`masks.views[${index}].camera`, 'is no camera of this site')
    else if (!presets.some(({ id }) => id === view.preset)) {
      wrong(`masks.views[${index}].preset`, 'is no preset of this camera')
    }
  })
  return problems
}
