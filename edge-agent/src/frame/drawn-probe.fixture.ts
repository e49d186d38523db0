import type { Probe } from './probe-picture.ts'

/** Mulberry32: the same noise in every run of a seed. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Colour = readonly [luma: number, tint: number]
export type Box = { left: number; top: number; width: number; height: number; colour: Colour }

/**
 * A road as a probe sees it: sky, a ridge, slopes, a road that narrows, posts beside it; then the boxes, then noise.
 * @param shiftPx how far the camera has turned
 */
export function drawnProbe(
  options: { seed?: number; noise?: number; boxes?: readonly Box[]; shiftPx?: readonly [number, number] } = {},
): Probe {
  const { seed = 1, noise = 1, boxes = [], shiftPx = [0, 0] } = options
  const [widthPx, heightPx] = [240, 135]
  const luma = new Uint8Array(widthPx * heightPx)
  const tint = new Int16Array(widthPx * heightPx)
  const random = seededRandom(seed)
  // The sum of three is near enough to a bell, with this standard deviation.
  const error = () => 2 * noise * (random() + random() + random() - 1.5)
  for (let y = 0, at = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, at++) {
      const box = boxes.findLast(
        ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
      )
      const [bright, red] = box?.colour ?? roadAt(x + shiftPx[0], y + shiftPx[1])
      luma[at] = Math.min(255, Math.max(0, Math.round(bright + error())))
      tint[at] = Math.round(red + error())
    }
  }
  return { widthPx, heightPx, luma, tint }
}

function roadAt(x: number, y: number): Colour {
  const ridge = 45 + 14 * Math.sin(x / 23) + 6 * Math.sin(x / 7 + 1)
  if (y < ridge) return [190 - y / 3, -30]
  const below = (y - 62) / 73
  const isRoad = below > 0 && Math.abs(x - 120) < 8 + 80 * below
  if (isRoad) return Math.abs(x - 120) < 1 + 3 * below && Math.floor(20 / (below + 0.1)) % 2 === 0 ? [210, 0] : [105, 2]
  const isPost = below > 0 && [30, 55, 185, 215].some((post) => Math.abs(x - post) < 2) && y < 95
  return isPost ? [225, 0] : [80 + 22 * Math.sin(x / 3.1) * Math.sin(y / 2.7), 18]
}
