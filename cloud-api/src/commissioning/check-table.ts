import type { Check } from './check.ts'
import { BOX_CHECKS } from './checks/box-checks.ts'
import { CAMERA_CHECKS } from './checks/camera-checks.ts'
import { DRILL_CHECKS } from './checks/drill-checks.ts'
import { MASK_CHECKS } from './checks/mask-checks.ts'
import { PROBE_CHECKS } from './checks/probe-checks.ts'
import { PUBLICATION_CHECKS } from './checks/publication-checks.ts'

/** Every acceptance check, in the order in which a technician meets them. */
export const CHECKS: readonly Check[] = [
  ...BOX_CHECKS,
  ...CAMERA_CHECKS,
  ...MASK_CHECKS,
  ...PROBE_CHECKS,
  ...PUBLICATION_CHECKS,
  ...DRILL_CHECKS,
]

export const checkNamed = (name: string): Check | undefined => CHECKS.find((check) => check.name === name)
