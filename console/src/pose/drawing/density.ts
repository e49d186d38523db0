import { contains, type Point, type Polygon } from './polygon.ts'

/** A known length across the picture at one height: the width of the road from edge to edge. */
export type Measure = { y: number; from: number; to: number; metres: number }

/** The size of the picture that is published. */
export type PictureSize = { widthPx: number; heightPx: number }

/** How much a metre takes by height in the picture: on even ground it grows in proportion from the horizon down. */
export type Scale = {
  horizonY: number
  /** Pixels a metre from one height of the whole picture to the next. */
  slope: number
  cameraHeightM: number
}

/** Two heights nearer than this say too little of all the others: a finger's width would decide. */
export const APART_MIN = 0.1
/** A face stands so high over the road; a plate is fixed at half a metre. */
export const FACE_M = 1.7
export const PLATE_M = 0.5

/**
 * What may be shown outside the masks, in pixels a metre. The cloud judges by the same numbers and names their source
 * (cloud-api/src/commissioning/limits.ts); a test holds both together.
 */
export const LIMITS = { facePxPerM: 125, platePxPerM: 100, roadPxPerM: 12.5 } as const

/** How many pixels of the published picture one metre takes at a measure's height. */
export const pxPerMOf = ({ from, to, metres }: Measure, widthPx: number): number =>
  (Math.abs(to - from) * widthPx) / metres

/**
 * The scale of a view, from lengths that are known at two heights.
 * @returns null while there are no two far enough apart, or where what is nearer would look smaller
 */
export function scaleOf(measures: readonly Measure[], { widthPx, heightPx }: PictureSize): Scale | null {
  const byHeight = measures.toSorted((a, b) => a.y - b.y)
  const [far, near] = [byHeight[0], byHeight.at(-1)]
  if (far === undefined || near === undefined || near.y - far.y < APART_MIN) return null
  const [small, large] = [pxPerMOf(far, widthPx), pxPerMOf(near, widthPx)]
  if (large <= small) return null
  const slope = (large - small) / (near.y - far.y)
  // A camera that hangs h metres over the ground sees it so: pixels a metre = pixels under the horizon / h.
  return { horizonY: near.y - large / slope, slope, cameraHeightM: heightPx / slope }
}

/** Pixels a metre on the ground at one height of the picture; 0 above the horizon. */
export const pxPerMAt = ({ slope, horizonY }: Scale, y: number): number => Math.max(0, slope * (y - horizonY))

/**
 * Pixels a metre of something that is seen at one height of the picture and stands so far over the road: it is nearer to
 * the camera than the ground behind it. Infinite where the camera hangs no higher than that.
 */
export function densityAt(scale: Scale, y: number, aboveM: number): number {
  const { cameraHeightM, horizonY } = scale
  if (cameraHeightM <= aboveM) return Number.POSITIVE_INFINITY
  return y <= horizonY ? 0 : (pxPerMAt(scale, y) * cameraHeightM) / (cameraHeightM - aboveM)
}

/** A picture is looked at on a grid of so many points: finer than the finest corner that a finger can set. */
const COLUMNS = 64
const ROWS = 48

/** The lowest place that no mask hides, which shows the most: density only grows downwards. Null: all is hidden. */
export function lowestOpen(masks: readonly Polygon[]): Point | null {
  for (let row = ROWS - 1; row >= 0; row -= 1) {
    const y = (row + 0.5) / ROWS
    for (let column = 0; column < COLUMNS; column += 1) {
      const at: Point = [(column + 0.5) / COLUMNS, y]
      if (!masks.some((mask) => contains(mask, at))) return [at[0], (row + 1) / ROWS]
    }
  }
  return null
}

/** What a view shows of faces, plates and the road, each against its limit. */
export type Densities = {
  face: { pxPerM: number; isRight: boolean }
  plate: { pxPerM: number; isRight: boolean }
  /** At the far end of the road zone; null: no road was drawn. */
  road: { pxPerM: number; isRight: boolean } | null
  /** Everything below this height must be hidden, for faces and plates to be right; null: nothing more. */
  hideBelow: number | null
}

export function densitiesOf(scale: Scale, masks: readonly Polygon[], road: Polygon | null): Densities {
  const open = lowestOpen(masks)
  const seen = (aboveM: number) => (open === null ? 0 : densityAt(scale, open[1], aboveM))
  const [face, plate] = [seen(FACE_M), seen(PLATE_M)]
  const far = road === null ? null : pxPerMAt(scale, Math.min(...road.map(([, y]) => y)))
  const isRight = { face: face <= LIMITS.facePxPerM, plate: plate <= LIMITS.platePxPerM }
  return {
    face: { pxPerM: face, isRight: isRight.face },
    plate: { pxPerM: plate, isRight: isRight.plate },
    road: far === null ? null : { pxPerM: far, isRight: far >= LIMITS.roadPxPerM },
    hideBelow:
      isRight.face && isRight.plate
        ? null
        : Math.min(heightOf(scale, FACE_M, LIMITS.facePxPerM), heightOf(scale, PLATE_M, LIMITS.platePxPerM)),
  }
}

/** At which height of the picture something shows so many pixels a metre; never above the horizon. */
function heightOf({ slope, horizonY, cameraHeightM }: Scale, aboveM: number, pxPerM: number): number {
  if (cameraHeightM <= aboveM) return Math.max(0, horizonY)
  return Math.min(1, Math.max(0, horizonY + (pxPerM * (cameraHeightM - aboveM)) / cameraHeightM / slope))
}
