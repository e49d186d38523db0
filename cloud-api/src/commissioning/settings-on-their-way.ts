import type { AskedCommand, Begun, Facts } from './check.ts'

/**
 * Whether the box has not come to rest at the settings that it should have: they are on their way, or at trial. What it does
 * meanwhile says nothing of them.
 */
export function isTakingSettings({ configuration }: Pick<Facts, 'configuration'>): boolean {
  if (configuration === null || configuration.reported === null) return false
  const { desired, reported } = configuration
  return (reported.version !== desired || reported.trying !== null) && reported.refused?.version !== desired
}

/** Where a check remembers which version the box said that it ran when it was asked. */
const RAN = 'ranVersion'

/** To be remembered by what asks a box now. */
export const ranWhenAsked = ({ configuration }: Pick<Facts, 'configuration'>): Begun => ({
  [RAN]: configuration?.reported?.version ?? null,
})

/**
 * Whether a box refused by other settings than those which it runs now. Told by the number and not by the time: since when
 * it runs them it says by its own clock, and what is asked anew is asked by these.
 */
export function wasAskedEarly(
  { step, reason }: AskedCommand,
  { configuration }: Pick<Facts, 'configuration'>,
  begun: Begun,
): boolean {
  const runs = configuration?.reported?.version
  const isOfOthers = runs !== undefined && begun[RAN] !== undefined && begun[RAN] !== runs
  return step === 'refused' && reason === 'camera-unknown' && isOfOthers
}
