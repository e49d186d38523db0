/** How pictures of a camera follow one another in one kind of light, and how many were alike last. */
export type FrozenState = {
  /** Pictures in a row that did not differ in one pixel, the first not counted. */
  alike: number
  /** Of pairs of pictures, by light: how many differed, and how many did not though the camera was well. */
  seen: Readonly<Record<Light, Readonly<{ differed: number; alike: number }>>>
}

/** A camera may be noisy by day and compress the night into nothing: what is known of one is not known of the other. */
export type Light = 'light' | 'dark'

export const NOTHING_SEEN: FrozenState = {
  alike: 0,
  seen: { light: { differed: 0, alike: 0 }, dark: { differed: 0, alike: 0 } },
}

/** Fewer pairs than that prove nothing: half an hour of pictures a minute. */
const PAIRS_MIN = 30
/** A camera whose pictures are alike more often than this may give the same one without being frozen. */
const DIFFERED_SHARE = 0.95
/** Beyond, what was seen long ago counts half: a camera's settings change. */
const PAIRS_MAX = 400

/** The state after one more picture. @param isAlike whether not one pixel differs from the picture before */
export function afterPicture(
  { alike, seen }: FrozenState,
  { isAlike, light }: { isAlike: boolean; light: Light },
  frozenAfter: number,
): FrozenState {
  if (isAlike) return { alike: alike + 1, seen }
  // Those of a frozen camera are no evidence of how it does when it is well.
  const wasFrozen = alike + 1 >= frozenAfter
  const before = seen[light]
  const pairs = { differed: before.differed + 1, alike: before.alike + (wasFrozen ? 0 : alike) }
  const isFull = pairs.differed + pairs.alike > PAIRS_MAX
  const counted = isFull ? { differed: pairs.differed >> 1, alike: pairs.alike >> 1 } : pairs
  return { alike: 0, seen: { ...seen, [light]: counted } }
}

/** Whether the camera repeats one picture, which this camera does not do in this light when it is well. */
export function isFrozen({ alike, seen }: FrozenState, light: Light, frozenAfter: number): boolean {
  const { differed, alike: usual } = seen[light]
  return alike + 1 >= frozenAfter && differed >= PAIRS_MIN && differed >= DIFFERED_SHARE * (differed + usual)
}
