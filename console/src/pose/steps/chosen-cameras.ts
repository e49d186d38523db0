import type { Journey } from '../journey/journey.ts'
import type { LookWish } from '../look/look-wish.ts'

export type ChosenView = { id: string; label: string }

/** A camera that was chosen at the pole. Its password is in no record: it goes, sealed, to the box. */
export type ChosenCamera = {
  /** cam1, cam2: its name at the site. */
  id: string
  url: string
  model: string
  user: string
  /** The box gets to it already, by its own settings. */
  isKnown?: boolean
  /** What is seen, in French: "vers Allos". One, unless the site is planned with several. */
  views: readonly ChosenView[]
}

/** A view of a chosen camera, as masks are drawn on it. */
export type CameraView = { key: string; camera: ChosenCamera; view: ChosenView }

export function chosenCameras({ entries }: Journey): ChosenCamera[] {
  const cameras = entries.cameras?.entered['cameras']
  return Array.isArray(cameras) ? (cameras as ChosenCamera[]) : [] // entered by cameras-step.tsx alone
}

/** Every view of the chosen cameras, by `<camera>/<view>`, as the cloud's checks name them. */
export const viewsOf = (cameras: readonly ChosenCamera[]): CameraView[] =>
  cameras.flatMap((camera) => camera.views.map((view) => ({ key: `${camera.id}/${view.id}`, camera, view })))

export const isNamed = ({ views }: ChosenCamera): boolean => views.every(({ label }) => label.trim() !== '')

/** What a site plans of a camera, before anybody has put one up. */
export type PlannedCamera = { id: string; presets: readonly ChosenView[] }

/** Takes a camera that was found as the next that is planned, or as a new one with one view. */
export function choose(
  found: { url: string; model: string; known?: string | null },
  chosen: readonly ChosenCamera[],
  planned: readonly PlannedCamera[],
): ChosenCamera {
  const isFree = (id: string) => !chosen.some((one) => one.id === id)
  const known = planned.find(({ id }) => id === found.known && isFree(id))
  const next = known ?? planned.find(({ id }) => isFree(id))
  const of = { url: found.url, model: found.model, user: '', ...(known !== undefined && { isKnown: true }) }
  if (next !== undefined) return { ...of, id: next.id, views: next.presets.map(({ id, label }) => ({ id, label })) }
  let number = 1
  while (!isFree(`cam${number}`) || planned.some(({ id }) => id === `cam${number}`)) number += 1
  return { ...of, id: `cam${number}`, views: [{ id: 'vue', label: '' }] }
}

/** Passwords while the page is open, by journey and camera: they are on no disk of the phone. */
export type Secrets = Map<string, string>
export const secretKey = (journey: string, camera: string): string => `${journey}/${camera}`

/** Whether the way to a camera stays as the box's own settings say: nobody has typed a login. */
export const staysAsKnown = ({ isKnown, user }: ChosenCamera, password: string | undefined): boolean =>
  isKnown === true && user === '' && (password ?? '') === ''

/** How a unit gets to a camera. @param preset to be turned to first */
export function lookAt(camera: ChosenCamera, password: string | undefined, preset?: string): LookWish {
  const { id, url, user } = camera
  if (staysAsKnown(camera, password)) return { camera: id, access: undefined, password: undefined, preset }
  return { camera: id, access: { url, ...(user === '' ? {} : { user }) }, password, preset }
}
