import { LAYERS_HEIGHT, LAYERS_WIDTH } from './layers.ts'
import { smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { LampHead } from './roadside.ts'
import type { Sheet } from './sheet.ts'

/** Beyond this a lamp of a picture lights nothing that one could tell apart. */
const FARTHEST_M = 130

/** Lets the street lamps shine on whatever stands near them: into the layer that only counts at night. */
export function bakeLampLight(sheet: Sheet, { lens }: Place, lamps: readonly LampHead[]) {
  if (lamps.length === 0) return
  const { layers, distance } = sheet
  // Light is soft: four pixels share one answer.
  for (let row = 0; row < LAYERS_HEIGHT; row += 2) {
    for (let column = 0; column < LAYERS_WIDTH; column += 2) {
      const at = row * LAYERS_WIDTH + column
      const z = distance[at] ?? 0
      if (!(z < FARTHEST_M)) continue
      const x = ((column + 1 - LAYERS_WIDTH / 2) / lens.focal) * z
      const y = lens.heightM + ((lens.horizon - row - 1) / lens.focal) * z
      const light = Math.min(255, lightAt(lamps, x, y, z))
      layers.lamp.fill(light, at, at + 2)
      layers.lamp.fill(light, at + LAYERS_WIDTH, at + LAYERS_WIDTH + 2)
    }
  }
}

function lightAt(lamps: readonly LampHead[], x: number, y: number, z: number): number {
  let light = 0
  for (const lamp of lamps) {
    const high = lamp.y - y
    const square = (x - lamp.x) ** 2 + (z - lamp.z) ** 2 + high * high
    // A lamp shines down: below it most, above it what the walls and the air give back.
    const down = 0.12 + 0.88 * smoothstep(-0.25, 0.6, high / Math.sqrt(square + 1))
    light += (lamp.strength * 7500 * down) / (square + 14)
  }
  return light
}
