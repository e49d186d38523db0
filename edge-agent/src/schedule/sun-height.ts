import { getPosition } from 'suncalc'

/** A place on the earth: WGS 84, decimal degrees. */
export type Place = { latitude: number; longitude: number }

/** The end of civil twilight: beyond, headlights alone show a road. */
const DARK_BELOW_DEGREES = -6

/** How high the sun stands over a level horizon, in degrees, as it seems: refraction lifts it by half a degree at the horizon. */
export function sunHeight({ latitude, longitude }: Place, atMs: number): number {
  return getPosition(new Date(atMs), latitude, longitude).altitude
}

export const isNight = (place: Place, atMs: number): boolean => sunHeight(place, atMs) < DARK_BELOW_DEGREES
