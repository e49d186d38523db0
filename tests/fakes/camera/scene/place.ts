import type { CameraSite } from '../options.ts'
import { LAYERS_HEIGHT, LAYERS_WIDTH } from './layers.ts'
import type { Lens } from './lens.ts'
import { createRandom } from './seeded-random.ts'

/** The lie of a place: everything that makes one site look unlike another and stays as the years go by. */
export type Place = {
  site: CameraSite
  seed: string
  lens: Lens
  /** Where the camera looks, degrees clockwise from north. */
  azimuth: number
  road: {
    halfWidthM: number
    /** The middle of the road at the camera's foot, metres to the right. */
    offsetM: number
    heading: number
    /** How far the bends swing, in metres, and the length of one. */
    swingM: number
    bendM: number
    bendFrom: number
    grade: number
    /** Where the road goes over a crest and out of sight, if it does. */
    crestM: number
    hasCentreLine: boolean
  }
  /** Where the ground rises: -1 on the left, 1 on the right, 0 on neither side. */
  uphill: -1 | 0 | 1
  /** Slope of the bank on that side and of the fall on the other, metres a metre. */
  bankSlope: number
  fallSlope: number
  /** Height of the mountains around, in metres, and how far away they stand. */
  reliefM: number
  reliefFromM: number
  /** Where in the noise this place lies. */
  origin: { x: number; z: number }
  /** How much of the slopes is wooded, 0 to 1. */
  wood: number
  /** A side road of a junction: where it meets the road and on which side. */
  junction?: { atM: number; side: -1 | 1 } | undefined
  /** Where the road goes into the rock. */
  portalM?: number | undefined
  hasGuardRail: boolean
  hasSnowPoles: boolean
  hasStreetLamps: boolean
  /** Fields of lavender beside the road, in Provence. */
  hasLavender: boolean
}

export function createPlace(site: CameraSite, seed: string): Place {
  const random = createRandom(`${seed}/${site.latitude}/${site.longitude}/${site.kind}`)
  const { kind, altitudeM } = site
  const isHigh = altitudeM > 1900
  const isUrban = kind === 'ville' || kind === 'carrefour'
  const side = random.chance(0.5) ? 1 : -1
  const mountain = Math.min(1, Math.max(0, (altitudeM - 350) / 1300))
  const horizon = LAYERS_HEIGHT * random.between(0.36, 0.46)
  return {
    site,
    seed,
    lens: { horizon, focal: LAYERS_WIDTH * random.between(0.78, 1.02), heightM: random.between(5.2, 7.4) },
    azimuth: random.between(0, 360),
    road: {
      halfWidthM: random.between(2.75, isUrban ? 3.5 : 3.2),
      offsetM: random.between(-1.5, 4.5) * side,
      heading: random.between(-0.12, 0.12) - 0.06 * side,
      swingM: kind === 'tunnel' ? random.between(1, 3) : random.between(7, 26),
      bendM: random.between(38, 80),
      bendFrom: random.between(12, isUrban ? 60 : 32),
      grade: kind === 'carrefour' ? random.between(-0.01, 0.03) : random.between(-0.035, 0.055),
      crestM: kind === 'col' ? random.between(75, 150) : random.between(160, 320),
      hasCentreLine: kind !== 'col' || random.chance(0.55),
    },
    uphill: kind === 'tunnel' ? side : kind === 'col' ? (random.chance(0.5) ? side : 0) : isUrban ? 0 : side,
    bankSlope:
      kind === 'tunnel'
        ? random.between(1.1, 1.7)
        : kind === 'col'
          ? random.between(0.15, 0.4)
          : random.between(0.35, 0.8),
    fallSlope: kind === 'tunnel' ? random.between(0.5, 1) : random.between(0.12, 0.4),
    reliefM: kind === 'tunnel' ? random.between(350, 600) : 150 + mountain * random.between(520, 900),
    reliefFromM:
      kind === 'tunnel'
        ? random.between(55, 110)
        : kind === 'col'
          ? random.between(160, 420)
          : random.between(350, 1100),
    origin: { x: random.between(0, 200), z: random.between(0, 200) },
    wood:
      kind === 'ville'
        ? random.between(0.1, 0.25)
        : isHigh
          ? random.between(0, 0.12)
          : kind === 'tunnel'
            ? random.between(0.25, 0.5)
            : random.between(0.35, 0.75),
    junction: kind === 'carrefour' ? { atM: random.between(24, 40), side: random.chance(0.5) ? 1 : -1 } : undefined,
    portalM: kind === 'tunnel' ? random.between(38, 60) : undefined,
    hasGuardRail: kind !== 'ville' && (kind === 'tunnel' || random.chance(0.75)),
    hasSnowPoles: altitudeM > 1250 && !isUrban,
    hasStreetLamps: isUrban || kind === 'station',
    hasLavender: altitudeM > 380 && altitudeM < 900 && site.longitude < 6.3 && kind === 'carrefour',
  }
}
