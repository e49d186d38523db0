import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { createRandom, type SeededRandom } from './seeded-random.ts'

export type Species = 'fir' | 'larch' | 'broadleaf' | 'cypress' | 'olive' | 'bush' | 'tuft'

/** How a tree looks today; snow lies on whatever it is. */
export type Dress = { leaves: number; autumn: number; snow: number; green: number }

/** A picture of a tree at several sizes, each half the one before, as sRGB with a share for each point. */
export type TreePicture = { levels: { width: number; height: number; data: Uint8ClampedArray }[] }

const HEIGHT_PX = 176
const VARIANTS = 4
/** About 150 kB each. Beyond, the shelf is cleared: a fleet wants others in the valleys than on the passes. */
const SHELF_MAX = 64

const proportions: Record<Species, number> = {
  fir: 0.46,
  larch: 0.5,
  broadleaf: 0.9,
  cypress: 0.24,
  olive: 1.15,
  bush: 1.5,
  tuft: 1.9,
}

/** Draws trees when they are first wanted, the same ones for every place. */
export function createTreeShelf() {
  const shelf = new Map<string, TreePicture>()
  const bench = createBench()
  return (species: Species, variant: number, dress: Dress): TreePicture => {
    const rounded = [dress.leaves, dress.autumn, dress.snow, dress.green].map((value) => Math.round(value * 4))
    const key = `${species}/${variant % VARIANTS}/${rounded.join('/')}`
    const known = shelf.get(key)
    if (known !== undefined) return known
    if (shelf.size >= SHELF_MAX) shelf.clear()
    const [leaves = 0, autumn = 0, snow = 0, green = 0] = rounded.map((value) => value / 4)
    const picture = drawTree(bench, species, createRandom(`${species}${variant % VARIANTS}`), {
      leaves,
      autumn,
      snow,
      green,
    })
    shelf.set(key, picture)
    return picture
  }
}

/** Draws a tree on the bench and takes it off at each size. */
function drawTree({ large, small }: Bench, species: Species, random: SeededRandom, dress: Dress): TreePicture {
  const width = Math.ceil(HEIGHT_PX * proportions[species])
  large.clearRect(0, 0, large.canvas.width, HEIGHT_PX)
  large.lineCap = 'round'
  painters[species](large, width, HEIGHT_PX, random, dress)
  const levels = []
  for (let size = 1; HEIGHT_PX / size >= 6; size *= 2) {
    const [w, h] = [Math.max(1, Math.round(width / size)), Math.round(HEIGHT_PX / size)]
    small.clearRect(0, 0, w, h)
    small.drawImage(large.canvas, 0, 0, width, HEIGHT_PX, 0, 0, w, h)
    levels.push({ width: w, height: h, data: small.getImageData(0, 0, w, h).data })
  }
  return { levels }
}

/** Two canvases for all trees: canvases of their own would wait for the garbage collector with all their pixels. */
type Bench = { large: SKRSContext2D; small: SKRSContext2D }

function createBench(): Bench {
  const width = Math.ceil(HEIGHT_PX * Math.max(...Object.values(proportions)))
  const large = createCanvas(width, HEIGHT_PX).getContext('2d')
  const small = createCanvas(width, HEIGHT_PX).getContext('2d')
  small.imageSmoothingQuality = 'high'
  return { large, small }
}

type Painter = (context: SKRSContext2D, width: number, height: number, random: SeededRandom, dress: Dress) => void

const colour = (red: number, green: number, blue: number, light: number) =>
  `rgb(${Math.round(red * light)}, ${Math.round(green * light)}, ${Math.round(blue * light)})`

/** Branches in tiers from the top down, darker inside and below. */
function conifer(needles: readonly [number, number, number], thickness: number): Painter {
  return (context, width, height, random, dress) => {
    const trunk = context.createLinearGradient(0, 0, 0, height)
    trunk.addColorStop(0, 'rgb(70, 58, 48)')
    trunk.addColorStop(1, 'rgb(84, 70, 56)')
    context.fillStyle = trunk
    context.fillRect(width * 0.485, height * 0.1, width * 0.03, height * 0.9)
    const tiers = 15 + Math.floor(random.next() * 6)
    for (let tier = 0; tier < tiers; tier++) {
      const share = (tier + 0.6) / tiers
      const y = height * (0.02 + 0.9 * share)
      const reach = width * 0.5 * (0.1 + 0.9 * share ** 0.85) * random.between(0.75, 1.02)
      const twigs = Math.floor(44 * thickness * (0.5 + share))
      for (let twig = 0; twig < twigs; twig++) {
        const side = random.between(-1, 1)
        const out = Math.abs(side)
        const x = width / 2 + side * reach
        const droop = height * 0.045 * (0.4 + out) * random.between(0.6, 1.4)
        const light = (0.62 + 0.4 * out + 0.25 * side * 0.5) * random.between(0.72, 1.28) * (1.1 - 0.3 * share)
        const isWhite = random.next() < dress.snow * 0.75 && out > 0.15
        context.strokeStyle = isWhite ? colour(228, 233, 240, random.between(0.88, 1.04)) : colour(...needles, light)
        context.lineWidth = random.between(0.9, 2.6)
        context.beginPath()
        context.moveTo(width / 2 + side * reach * 0.35, y - height * 0.018 - (isWhite ? 2 : 0))
        context.quadraticCurveTo(width / 2 + side * reach * 0.75, y, x, y + droop - (isWhite ? 2 : 0))
        context.stroke()
      }
    }
  }
}

function branches(
  context: SKRSContext2D,
  random: SeededRandom,
  x: number,
  y: number,
  length: number,
  angle: number,
  width: number,
  depth: number,
) {
  if (depth === 0 || length < 3) return
  const endX = x + Math.cos(angle) * length
  const endY = y + Math.sin(angle) * length
  context.strokeStyle = colour(104, 92, 80, random.between(0.7, 1.15))
  context.lineWidth = width
  context.beginPath()
  context.moveTo(x, y)
  context.lineTo(endX, endY)
  context.stroke()
  const forks = depth > 3 ? 3 : 2
  for (let fork = 0; fork < forks; fork++) {
    branches(
      context,
      random,
      endX,
      endY,
      length * random.between(0.62, 0.82),
      angle + random.between(-0.62, 0.62),
      width * 0.66,
      depth - 1,
    )
  }
}

/** Leaves as many small strokes in rounded heaps, lighter above. */
function heaps(
  context: SKRSContext2D,
  random: SeededRandom,
  leaf: readonly [number, number, number],
  box: { x: number; y: number; w: number; h: number },
  share: number,
  snow: number,
) {
  const count = Math.floor(26 * Math.min(1.6, box.w / box.h + 0.4))
  for (let heap = 0; heap < count; heap++) {
    const angle = random.between(0, Math.PI * 2)
    const out = Math.sqrt(random.next()) * 0.8
    const cx = box.x + box.w * (0.5 + 0.46 * out * Math.cos(angle))
    const cy = box.y + box.h * (0.5 + 0.46 * out * Math.sin(angle))
    const radius = box.h * random.between(0.1, 0.2)
    const tone = random.between(0.82, 1.15)
    for (let stroke = 0; stroke < 46 * share; stroke++) {
      const a = random.between(0, Math.PI * 2)
      const r = Math.sqrt(random.next()) * radius
      const x = cx + Math.cos(a) * r * 1.15
      const y = cy + Math.sin(a) * r
      const light =
        tone * (1.12 - 0.6 * ((y - box.y) / box.h)) * (1 - 0.35 * ((y - cy) / radius)) * random.between(0.7, 1.25)
      const isWhite = y < cy && random.next() < snow * 0.7
      context.fillStyle = isWhite ? colour(230, 234, 240, 1) : colour(...leaf, light)
      context.beginPath()
      context.ellipse(x, y, random.between(1.2, 3), random.between(1, 2.2), random.between(0, 3), 0, Math.PI * 2)
      context.fill()
    }
  }
}

const toward = (from: readonly [number, number, number], to: readonly [number, number, number], share: number) =>
  [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ] as const

const painters: Record<Species, Painter> = {
  fir: conifer([68, 84, 62], 1.25),
  larch(context, width, height, random, dress) {
    const needles = toward(toward([120, 104, 84], [112, 126, 72], dress.leaves), [178, 138, 72], dress.autumn)
    conifer(needles, 0.45 + 0.5 * Math.max(dress.leaves, dress.autumn))(context, width, height, random, dress)
  },
  broadleaf(context, width, height, random, dress) {
    branches(context, random, width / 2, height, height * 0.24, -Math.PI / 2, height * 0.045, 7)
    const leaf = toward([98, 114, 62], [160, 118, 66], dress.autumn)
    const share = Math.max(dress.leaves, dress.autumn * 0.55)
    if (share > 0.05) heaps(context, random, leaf, { x: 0, y: 0, w: width, h: height * 0.78 }, share, dress.snow)
  },
  cypress(context, width, height, random, dress) {
    for (let stroke = 0; stroke < 900; stroke++) {
      const share = random.next()
      const reach = width * 0.46 * Math.sin(Math.PI * Math.min(1, 0.12 + share * 0.86)) ** 0.7
      const side = random.between(-1, 1)
      const light = (1 + 0.3 * side) * random.between(0.65, 1.3)
      context.strokeStyle = random.next() < dress.snow * 0.3 ? colour(225, 230, 238, 1) : colour(48, 62, 42, light)
      context.lineWidth = random.between(1, 2.6)
      const x = width / 2 + side * reach
      const y = height * (0.02 + 0.94 * share)
      context.beginPath()
      context.moveTo(x, y)
      context.lineTo(x + side, y - random.between(5, 11))
      context.stroke()
    }
  },
  olive(context, width, height, random, dress) {
    branches(
      context,
      random,
      width / 2,
      height,
      height * 0.22,
      -Math.PI / 2 + random.between(-0.3, 0.3),
      height * 0.07,
      5,
    )
    heaps(context, random, [122, 132, 104], { x: 0, y: 0, w: width, h: height * 0.82 }, 0.9, dress.snow)
  },
  bush(context, width, height, random, dress) {
    const leaf = toward(
      toward([112, 100, 76], [92, 106, 58], Math.max(0.35, dress.green)),
      [150, 96, 50],
      dress.autumn * 0.6,
    )
    heaps(context, random, leaf, { x: 0, y: height * 0.05, w: width, h: height * 0.95 }, 0.85, dress.snow)
  },
  tuft(context, width, height, random, dress) {
    const blade = toward([158, 140, 96], [104, 118, 62], dress.green)
    for (let stroke = 0; stroke < 260; stroke++) {
      const x = width * (0.5 + 0.42 * random.between(-1, 1) * random.next() ** 0.5)
      const tall = height * random.between(0.35, 0.98) * (1 - 0.7 * Math.abs(x / width - 0.5))
      context.strokeStyle =
        random.next() < dress.snow * 0.6 ? colour(228, 232, 240, 1) : colour(...blade, random.between(0.6, 1.3))
      context.lineWidth = random.between(1.2, 3)
      context.beginPath()
      context.moveTo(x, height)
      context.quadraticCurveTo(x, height - tall * 0.6, x + random.between(-0.16, 0.16) * width, height - tall)
      context.stroke()
    }
  },
}
