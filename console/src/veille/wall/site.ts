import type { Preset, WallSite } from '../../api/schemas.ts'

/** One site as operators see it. */
export type Site = WallSite
/** How a camera does, as its unit says. */
export type Camera = Site['cameras'][number]
/** The box at the site. */
export type Unit = Site['unit']

/** One view: what a tile shows. */
export type View = { webcam: string; preset: Preset }

export const viewsOf = (site: Site): View[] =>
  site.webcams.flatMap(({ id, properties }) => properties.presets.map((preset) => ({ webcam: id, preset })))
