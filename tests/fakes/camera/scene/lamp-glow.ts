import type { SKRSContext2D } from '@napi-rs/canvas'
import type { Daylight } from './daylight.ts'
import { LAYERS_WIDTH } from './layers.ts'
import { smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import { createProjection } from './projection.ts'
import type { LampHead } from './roadside.ts'
import type { Weather } from './weather.ts'

/** The shine around lamps at night: small in clear air, wide in rain and fog. */
export function drawLampGlow(
  context: SKRSContext2D,
  place: Place,
  lamps: readonly LampHead[],
  day: Daylight,
  weather: Weather,
) {
  const strength = smoothstep(0.15, 0.6, day.night)
  if (strength === 0) return
  const scale = context.canvas.width / LAYERS_WIDTH
  const project = createProjection(context, place.lens)
  const spread = 1 + 1.6 * smoothstep(8000, 200, weather.visibilityM)
  context.globalCompositeOperation = 'lighter'
  for (const lamp of lamps) {
    const [x, y] = project(lamp)
    const radius = ((place.lens.focal * 1.5) / lamp.z + 5) * scale * spread
    const light = context.createRadialGradient(x, y, 0, x, y, radius)
    light.addColorStop(0, `rgba(255, 232, 190, ${0.85 * strength})`)
    light.addColorStop(0.12, `rgba(255, 214, 150, ${0.34 * strength})`)
    light.addColorStop(1, 'rgba(255, 190, 110, 0)')
    context.fillStyle = light
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius)
  }
  context.globalCompositeOperation = 'source-over'
}
