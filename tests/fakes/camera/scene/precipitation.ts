import type { SKRSContext2D } from '@napi-rs/canvas'
import type { Daylight } from './daylight.ts'
import { createRandom, type SeededRandom } from './seeded-random.ts'
import type { Weather } from './weather.ts'

/** Draws what falls between the lens and the road, and what it leaves on the glass. */
export function drawPrecipitation(context: SKRSContext2D, seed: string, day: Daylight, weather: Weather, at: number) {
  if (weather.rain > 0.05) {
    drawRain(context, weather.rain, day, createRandom(`${seed}/rain/${at}`))
    // Drops stay on the dome for minutes before they run off.
    drawDrops(context, weather.rain, createRandom(`${seed}/drops/${Math.floor(at / 300_000)}`))
  }
  if (weather.snow > 0.05) drawFlakes(context, weather.snow, day, createRandom(`${seed}/flakes/${at}`))
}

function drawRain(context: SKRSContext2D, amount: number, day: Daylight, random: SeededRandom) {
  const { width, height } = context.canvas
  const slant = random.between(-0.12, 0.12)
  context.lineCap = 'round'
  const bright = day.night > 0.5 ? 150 : 215
  for (let drop = 0; drop < 420 * amount; drop++) {
    const near = random.next() ** 2
    const length = (14 + 60 * near) * (height / 1080)
    const x = random.between(-0.05, 1.05) * width
    const y = random.between(-0.05, 1) * height
    context.strokeStyle = `rgba(${bright}, ${bright + 4}, ${bright + 10}, ${0.05 + 0.13 * random.next()})`
    context.lineWidth = (0.8 + 1.7 * near) * (height / 1080)
    context.beginPath()
    context.moveTo(x, y)
    context.lineTo(x + slant * length, y + length)
    context.stroke()
  }
}

/** A drop shows the scene upside down and small, a little brighter at its lower edge. */
function drawDrops(context: SKRSContext2D, amount: number, random: SeededRandom) {
  const { canvas } = context
  const count = Math.round(3 + 9 * amount * random.next())
  for (let drop = 0; drop < count; drop++) {
    const radius = random.between(9, 26) * (canvas.height / 1080)
    const x = random.between(0.02, 0.98) * canvas.width
    const y = random.between(0.05, 0.98) * canvas.height
    const reach = radius * 6
    const fromX = Math.min(canvas.width - 2 * reach, Math.max(0, x - reach))
    const fromY = Math.min(canvas.height - 2 * reach, Math.max(0, y - reach))
    context.save()
    context.globalAlpha = 0.55
    context.beginPath()
    context.ellipse(x, y, radius, radius * random.between(1, 1.25), 0, 0, Math.PI * 2)
    context.clip()
    context.translate(x, y)
    context.scale(-1, -1)
    context.drawImage(
      canvas,
      fromX,
      fromY,
      2 * reach,
      2 * reach,
      -radius * 1.3,
      -radius * 1.3,
      2.6 * radius,
      2.6 * radius,
    )
    const rim = context.createRadialGradient(0, 0, radius * 0.5, 0, 0, radius * 1.2)
    rim.addColorStop(0, 'rgba(255, 255, 255, 0)')
    rim.addColorStop(1, 'rgba(20, 24, 30, 0.4)')
    context.fillStyle = rim
    context.fillRect(-radius * 1.3, -radius * 1.3, 2.6 * radius, 2.6 * radius)
    context.restore()
  }
}

function drawFlakes(context: SKRSContext2D, amount: number, day: Daylight, random: SeededRandom) {
  const { width, height } = context.canvas
  const slant = random.between(-0.5, 0.5)
  const bright = day.night > 0.5 && !day.isInfrared ? 190 : 246
  for (let flake = 0; flake < 900 * amount; flake++) {
    const near = random.next() ** 5
    const radius = (1 + 9 * near) * (height / 1080)
    context.fillStyle = `rgba(${bright}, ${bright}, ${bright + 4}, ${0.65 - 0.42 * near})`
    context.beginPath()
    context.ellipse(
      random.next() * width,
      random.next() * height,
      radius,
      radius * (1.15 + 0.9 * near),
      slant,
      0,
      Math.PI * 2,
    )
    context.fill()
  }
}
