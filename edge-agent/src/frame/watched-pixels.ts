import type { RelativeRectangle } from '@vigie/config-schema/camera-profile'
import type { MaskZone } from '@vigie/config-schema/site-document'
import { polygonSpans } from './polygon-spans.ts'

/** What of a view is not looked at: what is masked anyway, and where the camera writes its clock. */
export type UnwatchedParts = { zones: readonly MaskZone[]; overlays: readonly RelativeRectangle[] }

type Size = { widthPx: number; heightPx: number }

/** A resize mixes neighbours: a pixel beside a hidden part shows some of it. */
const GROW_PX = 1

/** Which pixels of a picture of one size are looked at: 1, or 0 in a masked zone or under an overlay. */
export function watchedPixels({ zones, overlays }: UnwatchedParts, { widthPx, heightPx }: Size): Uint8Array {
  const watched = new Uint8Array(widthPx * heightPx).fill(1)
  const polygons = [
    ...zones.map(({ polygon }) => polygon),
    ...overlays.map(({ x, y, width, height }): MaskZone['polygon'] => [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ]),
  ]
  for (const polygon of polygons) {
    const points = polygon.map(([x, y]) => [x * widthPx, y * heightPx] as const)
    for (const { y, from, to } of polygonSpans(points, { widthPx, heightPx }, GROW_PX)) {
      watched.fill(0, y * widthPx + from, y * widthPx + to)
    }
  }
  return watched
}
