import type { AskedCommand, Facts } from './check.ts'

/**
 * Whether the box has not come to rest at the settings that it should have: they are on their way, or at trial. What it does
 * meanwhile says nothing of them.
 */
export function isTakingSettings({ configuration }: Pick<Facts, 'configuration'>): boolean {
  if (configuration === null || configuration.reported === null) return false
  const { desired, reported } = configuration
  return (reported.version !== desired || reported.trying !== null) && reported.refused?.version !== desired
}

/** Whether a box refused by settings that were not yet those which it runs now. */
export function wasAskedEarly(
  { step, reason, at }: AskedCommand,
  { configuration }: Pick<Facts, 'configuration'>,
): boolean {
  const since = configuration?.reported?.since ?? 0
  return step === 'refused' && reason === 'camera-unknown' && at < since
}
