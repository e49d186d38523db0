import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import type { ItemClass } from '@vigie/contract/item-class'
import type { WindowLimits } from './window.ts'

/** Classes that share a window. */
export type Lane = { classes: readonly ItemClass[]; limits: WindowLimits }

/**
 * Two lanes, so that no backlog of frames ever stands before a state: small records have a window of their own, and go
 * first whenever both have something to send. Frames still move whenever the records' window is full or empty.
 *
 * - records: 64 of 400 bytes are a round trip's worth on a slow link; 256 KiB bound what large alarms may add.
 * - frames: 4 keep a 4G link busy over its round trip; in bytes at least the largest frame there is must fit.
 */
export const LANES: readonly Lane[] = [
  { classes: ['ticket', 'alarm', 'state', 'telemetry'], limits: { maxItems: 64, maxBytes: 256 * 1024 } },
  { classes: ['frame'], limits: { maxItems: 4, maxBytes: PAYLOAD_MAX_BYTES } },
]
