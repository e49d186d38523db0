import { Kind, LAYERS_HEIGHT, LAYERS_WIDTH } from './layers.ts'
import { columnOf, type Point, rowOf } from './lens.ts'
import { fractal, smoothstep } from './noise.ts'
import type { Place } from './place.ts'
import type { RoadCourse } from './road-course.ts'
import type { Season } from './season.ts'
import { createRandom, type SeededRandom } from './seeded-random.ts'
import { layPixel, type Sheet, type Stuff } from './sheet.ts'
import type { Terrain } from './terrain.ts'
import type { Dress, Species, TreePicture } from './trees.ts'

type TreeShelf = (species: Species, variant: number, dress: Dress) => TreePicture

/** Trees that are tried; the nearer ones are few, the far ones many, as a wood is seen. */
const TREES = 900
const TUFTS = 420

/** Sets trees, bushes and grass where they grow: away from the road, below the tree line, thicker where there is wood. */
export function drawVegetation(
  sheet: Sheet,
  place: Place,
  terrain: Terrain,
  course: RoadCourse,
  season: Season,
  shelf: TreeShelf,
) {
  const random = createRandom(`${place.seed}/trees`)
  const { leaves, autumn, green } = season
  const dress = { leaves, autumn, green, snow: season.branchSnow }
  const { lens, road, site, origin } = place
  const halfView = (0.5 * LAYERS_WIDTH) / lens.focal

  function plant(x: number, z: number, species: Species, heightM: number) {
    const foot = { x, y: terrain.heightAt(x, z) - 0.1, z }
    drawSprite(sheet, lens, foot, heightM, shelf(species, Math.floor(random.next() * 5), dress), random.chance(0.5))
  }

  /** Metres to the edge of whatever is paved; below 0 on it. */
  function besidePaved(x: number, z: number): number {
    const lateral = x - course.middleAt(z)
    const beside = Math.abs(lateral) - road.halfWidthM
    const { junction } = place
    if (junction === undefined || Math.sign(lateral) !== junction.side) return beside
    return Math.min(beside, Math.abs(z - junction.atM - 0.35 * beside) - 5)
  }

  const trees = Array.from({ length: TREES }, () => {
    const z = 11 * 60 ** random.next()
    return {
      z,
      x: random.between(-1.1, 1.1) * halfView * z,
      chance: random.next(),
      size: random.next(),
      kind: random.next(),
    }
  }).sort((one, other) => other.z - one.z)
  for (const { x, z, chance, size, kind } of trees) {
    const beside = besidePaved(x, z)
    const keep = place.site.kind === 'ville' ? 9 : 6
    if (beside < keep || (place.portalM !== undefined && z > place.portalM - 2)) continue
    const altitude = site.altitudeM + terrain.heightAt(x, z)
    const belt = 1 - smoothstep(1900, 2200, altitude)
    const thicket = smoothstep(
      0.75 - 0.6 * place.wood,
      0.85 - 0.5 * place.wood,
      fractal(x / 26 + origin.x, z / 60 + origin.z, 3),
    )
    // Road keepers clear the view of their cameras: little grows tall close by.
    const open = smoothstep(16, 60, z + beside)
    const isOpenField = place.hasLavender && beside < 60
    if (chance > belt * (0.1 + 0.9 * thicket) * (0.04 + 0.96 * open) * (isOpenField ? 0.06 : 1)) {
      if (chance > 0.93 - 0.1 * belt && !isOpenField) plant(x, z, 'bush', 0.6 + size)
      continue
    }
    // Villages plant limes and planes along their streets.
    const [species, low, high] = speciesAt(altitude, kind, place.site.kind === 'ville')
    plant(x, z, species, low + (high - low) * size)
  }
  drawTufts(random)

  function drawTufts(random: SeededRandom) {
    if (season.groundSnow > 0.7) return
    for (let tuft = 0; tuft < TUFTS; tuft++) {
      const z = 7 * 9 ** random.next()
      const side = random.chance(0.5) ? 1 : -1
      const x = course.middleAt(z) + side * (road.halfWidthM + 0.7 + 7 * random.next() ** 2)
      if (besidePaved(x, z) < 0.5) continue
      plant(x, z, 'tuft', 0.18 + 0.3 * random.next())
    }
  }
}

/** What grows at an altitude of the southern Alps, with its height in metres from smallest to tallest. */
function speciesAt(altitudeM: number, dice: number, isVillage: boolean): [Species, number, number] {
  if (isVillage && dice < 0.75) return ['broadleaf', 5, 9]
  if (altitudeM > 1700) return dice < 0.7 ? ['larch', 5, 14] : ['fir', 4, 12]
  if (altitudeM > 1150) return dice < 0.6 ? ['fir', 7, 19] : dice < 0.85 ? ['larch', 8, 17] : ['broadleaf', 5, 10]
  if (altitudeM > 700) return dice < 0.45 ? ['broadleaf', 5, 12] : dice < 0.85 ? ['fir', 6, 14] : ['bush', 1, 2.5]
  return dice < 0.5
    ? ['broadleaf', 5, 11]
    : dice < 0.68
      ? ['olive', 3, 5]
      : dice < 0.84
        ? ['cypress', 6, 12]
        : ['fir', 5, 11]
}

/** Puts the picture of a tree into the world, its foot on the ground, smoothly from the fitting size. */
function drawSprite(
  sheet: Sheet,
  lens: Place['lens'],
  foot: Point,
  heightM: number,
  picture: TreePicture,
  isMirrored: boolean,
) {
  const tall = (lens.focal * heightM) / foot.z
  const level = picture.levels.find(({ height }) => height <= tall * 1.9) ?? picture.levels.at(-1)
  if (level === undefined || tall < 2) return
  const scale = level.height / tall
  const wide = level.width / scale
  const left = columnOf(lens, foot) - wide / 2
  const bottom = rowOf(lens, foot)
  const top = bottom - tall
  const stuff: Stuff = { red: 0, green: 0, blue: 0, kind: Kind.foliage, normalX: 0, normalZ: -0.5 }
  for (let row = Math.max(0, Math.floor(top)); row <= Math.min(LAYERS_HEIGHT - 1, bottom); row++) {
    const y = Math.max(0, Math.min(level.height - 1.001, (row + 0.5 - top) * scale - 0.5))
    for (let column = Math.max(0, Math.floor(left)); column <= Math.min(LAYERS_WIDTH - 1, left + wide); column++) {
      const share = (column + 0.5 - left) / wide
      const x = Math.max(0, Math.min(level.width - 1.001, (isMirrored ? 1 - share : share) * level.width - 0.5))
      if (!sample(level, x, y, stuff)) continue
      stuff.normalX = (share - 0.5) * 1.5
      layPixel(sheet, column, row, foot.z, sampled.share, stuff)
    }
  }
}

const sampled = { share: 0 }

/** Reads a picture between its points, each weighed by its share; false where there is nothing. */
function sample(level: TreePicture['levels'][number], x: number, y: number, into: Stuff): boolean {
  const left = Math.floor(x)
  const upper = Math.floor(y)
  let red = 0
  let green = 0
  let blue = 0
  let total = 0
  for (let corner = 0; corner < 4; corner++) {
    const px = left + (corner & 1)
    const py = upper + (corner >> 1)
    const at = (Math.min(py, level.height - 1) * level.width + Math.min(px, level.width - 1)) * 4
    const weight =
      (corner & 1 ? x - left : 1 - x + left) *
      (corner >> 1 ? y - upper : 1 - y + upper) *
      ((level.data[at + 3] ?? 0) / 255)
    red += weight * (level.data[at] ?? 0)
    green += weight * (level.data[at + 1] ?? 0)
    blue += weight * (level.data[at + 2] ?? 0)
    total += weight
  }
  if (total < 0.03) return false
  into.red = red / total
  into.green = green / total
  into.blue = blue / total
  sampled.share = total
  return true
}
