import { FRESHNESS_WORDS } from '../look/wording.ts'
import type { Need } from './wall/need.ts'

/** The wall's words: those of a picture's freshness, and one for a camera that gives no picture any more. */
export const NEED_WORDS: Record<Need, string> = { ...FRESHNESS_WORDS, failing: 'caméra en panne' }
