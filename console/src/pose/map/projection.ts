/** A place, WGS 84, decimal degrees. */
export type Coordinates = { latitude: number; longitude: number }
type Outline = readonly (readonly [longitude: number, latitude: number])[]

export type MapView = {
  width: number
  height: number
  /** The `d` of the outline's path. */
  path: string
  project(at: Coordinates): { x: number; y: number }
  /** The place under a point of the map. */
  placeAt(x: number, y: number): Coordinates
}

/** Units of the map across, and around it. */
const WIDTH = 360
const MARGIN = 12
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Lays the département out; over one département a degree of longitude is as long everywhere, to one part in a hundred. */
export function layOut(outline: Outline): MapView {
  const longitudes = outline.map(([longitude]) => longitude)
  const latitudes = outline.map(([, latitude]) => latitude)
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)]
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)]
  const shrink = Math.cos(radians((south + north) / 2))
  const perDegree = (WIDTH - 2 * MARGIN) / ((east - west) * shrink)
  const project = ({ latitude, longitude }: Coordinates) => ({
    x: MARGIN + (longitude - west) * shrink * perDegree,
    y: MARGIN + (north - latitude) * perDegree,
  })
  const corners = outline.map(([longitude, latitude]) => {
    const { x, y } = project({ longitude, latitude })
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  })
  return {
    width: WIDTH,
    height: Math.round((north - south) * perDegree + 2 * MARGIN),
    path: `M${corners.join('L')}Z`,
    project,
    placeAt: (x, y) => ({
      longitude: west + (x - MARGIN) / (shrink * perDegree),
      latitude: north - (y - MARGIN) / perDegree,
    }),
  }
}

const EARTH_M = 6_371_000

/** Along the ground, in metres (haversine). */
export function distanceM(from: Coordinates, to: Coordinates): number {
  const [latitude, longitude] = [radians(to.latitude - from.latitude), radians(to.longitude - from.longitude)]
  const chord =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(longitude / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.sqrt(chord))
}
