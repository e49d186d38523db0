import type { CommandWish } from '../cloud/pose-cloud.ts'

/** A camera, and how its unit gets to it where the site does not know it yet. */
export type LookWish = {
  camera: string
  /** Undefined: as the site has it. */
  access: Record<string, string> | undefined
  password: string | undefined
  /** Of a head that turns: where to turn it first. */
  preset?: string | undefined
}

/** A minute is enough to turn a mast; then it is asked for again, so that nobody leaves a picture running on a SIM. */
export const LOOK_S = 60
/** Previews a second: a mast is turned by eye, and a thin line carries no more. */
const PER_S = 2

/** What the unit is asked for. @param move a nudge of the head, which goes first */
export function lookWish({ camera, access, password, preset }: LookWish, move?: Record<string, number>): CommandWish {
  const turned = { ...(preset !== undefined && { preset }), ...(move !== undefined && { move }) }
  const body = { name: 'look', camera, ...(access && { access }), seconds: LOOK_S, perS: PER_S, ...turned }
  return password === undefined || password === '' ? { body } : { body, password }
}
