import type { FleetUnit } from '../api/schemas.ts'

/** A moment that all tests of the fleet stand at. */
export const NOW = Date.parse('2026-11-22T13:05:20Z')
export const DAY_MS = 86_400_000

export const at = (ms: number): string => new Date(ms).toISOString()

/** Of a configuration that nothing is the matter with. */
export const NO_ALARM = { refused: null, turnedAway: null }

/** A unit with which all is well, but for what is said. */
export const unitOf = (name: string, over: Partial<FleetUnit> = {}): FleetUnit => ({
  unit: name,
  site: 'allos',
  siteName: "Col d'Allos",
  road: 'D908',
  isAtMuseum: false,
  lanes: [],
  isPlanned: true,
  presence: 'online',
  since: at(NOW - DAY_MS),
  heardAt: at(NOW - 20_000),
  reason: null,
  software: '0.1.0',
  certificateEndsAt: at(NOW + 150 * DAY_MS),
  configuration: { desired: 3, runs: 3, isRefused: false, ...NO_ALARM },
  gateAlarms: [],
  revokedAt: null,
  enrolledAt: at(NOW - 30 * DAY_MS),
  ...over,
})
