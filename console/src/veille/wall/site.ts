import type { Preset, Webcam } from '../../api/webcam.ts'

/** Where one site stands, as operators see it. */
export type Site = {
  site: string
  name: string
  road: string
  kind: Webcam['properties']['kind']
  altitudeM: number
  unit: Unit
  webcams: readonly Webcam[]
  cameras: readonly Camera[]
}

/** The box at the site. */
export type Unit = {
  id: string
  presence: 'online' | 'offline' | 'unknown'
  /** When the presence last changed, ISO 8601; null when the unit was never heard. */
  since: string | null
  software: string | null
}

/** How a camera does, as its unit says. */
export type Camera = {
  camera: string
  condition: 'capturing' | 'failing' | 'idle'
  since: string
  /** A code of the agent's fault table. */
  fault: string | null
  failures: number
}

/** One view: what a tile shows. */
export type View = { webcam: string; preset: Preset }

export const viewsOf = (site: Site): View[] =>
  site.webcams.flatMap(({ id, properties }) => properties.presets.map((preset) => ({ webcam: id, preset })))
