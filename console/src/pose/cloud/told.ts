import type { Schemas } from '../../api/schemas.ts'

export type CommissioningTold = Schemas['Commissioning']
export type CheckTold = Schemas['CommissioningCheck']

/** What is known of a box. */
export type UnitTold = {
  unit: string
  site: string | null
  presence: 'online' | 'offline' | 'unknown'
  certificateEndsAt: string | null
}

/** How far a command came. */
export type CommandTold = {
  id: string
  step: 'queued' | 'delivered' | 'accepted' | 'done' | 'refused' | 'expired'
  /** Why it ended without being done, or cannot be taken yet: a code. */
  endReason: string | null
  result: unknown
  /** Rises with every change. */
  version: number
}

/** What a site should be; only what this page needs of it. */
export type SiteConfiguration = {
  desired: { version: number; site: Record<string, unknown> } | null
  reported: { version: number; condition: string; reason: string | null } | null
}
