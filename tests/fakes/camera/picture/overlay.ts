import type { SKRSContext2D } from '@napi-rs/canvas'
import { litPoints } from './lettering.ts'

/** Draws lines of text as cameras do: white points with a dark edge, whatever is behind. */
export function drawOverlay(
  context: SKRSContext2D,
  lines: readonly string[],
  left: number,
  top: number,
  pointPx: number,
) {
  const lineHeight = pointPx * 11
  for (const [line, text] of lines.entries()) {
    const points = [...litPoints(text)]
    const place = (x: number, y: number) => [left + x * pointPx, top + line * lineHeight + y * pointPx] as const
    context.fillStyle = 'rgba(0, 0, 0, 0.75)'
    for (const { x, y } of points) {
      const [px, py] = place(x, y)
      context.fillRect(px - pointPx / 2, py - pointPx / 2, pointPx * 2, pointPx * 2)
    }
    context.fillStyle = '#f4f6f4'
    for (const { x, y } of points) context.fillRect(...place(x, y), pointPx, pointPx)
  }
}
