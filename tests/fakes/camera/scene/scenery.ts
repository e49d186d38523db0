import type { SKRSContext2D } from '@napi-rs/canvas'
import { getPosition } from 'suncalc'
import type { CameraSite, WeatherName } from '../options.ts'

/** What a camera looks at. */
export type View = { site: CameraSite; seed: string; weather?: WeatherName | undefined }

export type Scenery = { paint(context: SKRSContext2D, view: View, at: number): void }

export function createScenery(): Scenery {
  return {
    paint(context, { site }, at) {
      const { width, height } = context.canvas
      const sun = getPosition(new Date(at), site.latitude, site.longitude).altitude
      const light = Math.max(0.06, Math.min(1, (sun + 6) / 20))
      const shade = (r: number, g: number, b: number) => `rgb(${r * light}, ${g * light}, ${b * light})`
      context.fillStyle = shade(150, 185, 220)
      context.fillRect(0, 0, width, height)
      context.fillStyle = shade(80, 95, 90)
      context.beginPath()
      context.moveTo(0, height * 0.45)
      for (let x = 0; x <= width; x += 60) context.lineTo(x, height * (0.4 - 0.1 * Math.sin(x / 300)))
      context.lineTo(width, height)
      context.lineTo(0, height)
      context.fill()
      context.fillStyle = shade(90, 90, 92)
      context.beginPath()
      context.moveTo(width * 0.48, height * 0.5)
      context.lineTo(width * 0.52, height * 0.5)
      context.lineTo(width * 0.9, height)
      context.lineTo(width * 0.1, height)
      context.fill()
    },
  }
}
