import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import { composeSite } from '@vigie/config-schema/configuration/compose'
import { type Configuration, configurationProblems } from '@vigie/config-schema/configuration/configuration'
import type { CameraId, SiteId, UnitId } from '@vigie/contract/ids'
import { DESIRED_DOCUMENTS } from '@vigie/contract/topics'
import type { CameraTarget } from '../camera/camera-port.ts'
import type { FaultCode } from '../faults.ts'
import type { UnitKey } from '../frame/seal-frame.ts'
import { type LaneProfiles, lanePlanOf, laneRefusal } from '../lane/plan-lanes.ts'
import type { PlannedCamera, SitePlan } from '../settings.ts'
import type { DocumentTexts } from './configuration-files.ts'
import { openSecret } from './open-secret.ts'

export type PlanVerdict = { ok: true; plan: SitePlan } | { ok: false; reason: FaultCode; about: string }

export type PlanDeps = {
  site: SiteId
  unit: UnitId
  profiles: ReadonlyMap<string, CameraProfile>
  laneProfiles: LaneProfiles
  /** Those of the unit that may open a password, the present one first. */
  keys: readonly UnitKey[]
  /** How the box itself knows a camera, where the documents do not say how it is reached. */
  targetOf(camera: CameraId): CameraTarget | undefined
}

/** Makes a plan of a whole set of documents, or says what in them is not right. */
export async function planOfDocuments(texts: DocumentTexts, deps: PlanDeps): Promise<PlanVerdict> {
  const wrong = (about: string, reason: FaultCode = 'configuration-wrong'): PlanVerdict => {
    return { ok: false, reason, about: about.slice(0, ABOUT_MAX) }
  }
  const parsed: Record<string, unknown> = {}
  for (const name of DESIRED_DOCUMENTS) {
    try {
      parsed[name] = JSON.parse(texts[name])
    } catch {
      return wrong(`${name}: is not JSON`)
    }
  }
  const documents = parsed as Configuration // checked by the next line, before anything of it is used
  const [problem] = configurationProblems(documents, 'sealed')
  if (problem) return wrong(`${problem.place}: ${problem.message}`)
  if (documents.site.id !== deps.site) return wrong('site.id', 'configuration-elsewhere')
  const lanes = lanePlanOf(documents.lane, deps.unit)
  const unfit = laneRefusal(lanes.lanes, deps.laneProfiles)
  if (unfit !== null) return wrong(unfit.about, unfit.reason)

  const composed = composeSite(documents, deps.unit)
  const cameras: PlannedCamera[] = []
  for (const [index, document] of composed.cameras.entries()) {
    const id = document.id as CameraId // the document's patterns are the contract's
    const place = `camera.cameras[${index}]`
    const profile = deps.profiles.get(document.profile)
    if (!profile) return wrong(`${place}.profile`, 'profile-unknown')
    const access = documents.camera.cameras[index]?.access
    if (!access) {
      const target = deps.targetOf(id)
      if (!target) return wrong(`${place}.access: is missing`)
      cameras.push({ id, document, profile, target })
      continue
    }
    const { url, user = null, fingerprint, authority } = access
    const password =
      access.password === undefined ? null : await openSecret(access.password, { camera: id, url }, deps.keys)
    if (access.password !== undefined && password === null) return wrong(`${place}.access.password`, 'secret-sealed')
    const trust = authority ? { authority } : fingerprint ? { fingerprint } : null
    cameras.push({ id, document, profile, target: { url, user, password, ...(trust && { trust }) } })
  }
  const { latitude, longitude } = composed
  const { historyBytesPerHour = null } = documents.budget
  return { ok: true, plan: { place: { latitude, longitude }, cameras, lanes, historyBytesPerHour } }
}

/** What the state has room for. */
const ABOUT_MAX = 200

/** Whether two plans let a unit do the same. */
export const isSamePlan = (one: SitePlan, other: SitePlan) => textOf(one) === textOf(other)

const textOf = ({ place, cameras, lanes, historyBytesPerHour }: SitePlan) =>
  JSON.stringify(comparable([place, cameras, lanes, historyBytesPerHour]))

/** The order of keys is no difference. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  const sorted = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, of]) => [key, comparable(of)]))
}
