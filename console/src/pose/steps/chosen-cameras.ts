import type { Journey } from '../journey/journey.ts'

/** A camera that was chosen at the pole. Its password is in no record: it goes, sealed, to the box. */
export type ChosenCamera = {
  /** cam1, cam2: its name at the site. */
  id: string
  url: string
  model: string
  /** What is seen, in French: "vers Allos". */
  label: string
  user: string
}

/** One view a camera at first; presets of a head that turns are added in the site's settings. */
export const FIRST_VIEW = 'vue'
export const viewOf = ({ id }: Pick<ChosenCamera, 'id'>): string => `${id}/${FIRST_VIEW}`

export function chosenCameras({ entries }: Journey): ChosenCamera[] {
  const cameras = entries.cameras?.entered['cameras']
  return Array.isArray(cameras) ? (cameras as ChosenCamera[]) : [] // entered by cameras-step.tsx alone
}

/** The first of cam1, cam2, ... that none has. */
export function nextCameraId(cameras: readonly Pick<ChosenCamera, 'id'>[]): string {
  let number = 1
  while (cameras.some(({ id }) => id === `cam${number}`)) number += 1
  return `cam${number}`
}

/** Passwords while the page is open, by journey and camera: they are on no disk of the phone. */
export type Secrets = Map<string, string>
export const secretKey = (journey: string, camera: string): string => `${journey}/${camera}`

/** How a unit gets to a camera that its site does not know yet. */
export function lookAt({ id, url, user }: ChosenCamera, password: string | undefined) {
  return { camera: id, access: { url, ...(user === '' ? {} : { user }) }, password }
}
