import type { CameraChecks } from '@vigie/config-schema/camera-profile'

/** From where on a picture is doubted. A camera's profile may say otherwise. */
export type CheckLimits = Required<Omit<CameraChecks, 'overlays'>>

/**
 * Measured 2026-11-25 on drawn scenes of five places in every weather, by day and night, and on six pictures of real
 * roadside cameras, as they are and spoilt:
 */
const DEFAULTS: CheckLimits = {
  /** The darkest by day had 90, a tunnel at dusk; pictures dimmed to a sixteenth 10 to 12. */
  darkP95: 40,
  /** Snow in the sun had 0.01 at most; pictures exposed four times as long 0.85 and more. */
  whiteShare: 0.5,
  /** Sharp pictures had 0.45 and more, in fog and snowfall too; blurred by 4 px of 1280 all had less than 0.09. */
  abruptShare: 0.2,
  /** Noise lets one picture in a hundred look like the one before; five in a row are no chance. */
  frozenAfter: 5,
  /** Wind moves a mast by half a percent; a nudge of two percent uncovers what a mask hid. */
  movedShare: 0.015,
}

export function limitsOf({ overlays: _, ...own }: CameraChecks): CheckLimits {
  return { ...DEFAULTS, ...own }
}
