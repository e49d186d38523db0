import type { Schemas } from '../../api/schemas.ts'
import type { Documents } from '../steps/configured.ts'

export type CommissioningTold = Schemas['Commissioning']
export type CheckTold = Schemas['CommissioningCheck']

/** How the box of a site does. */
export type UnitTold = Schemas['WallSite']['unit']

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
  /** Whether the desired one runs, or why not. */
  condition: string
  desired: { version: number; documents: Documents }
}
