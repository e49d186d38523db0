import type { Schemas } from '../../api/schemas.ts'

export type CommissioningTold = Schemas['Commissioning']
export type CheckTold = Schemas['CommissioningCheck']

/** How the box of a site does. */
export type UnitTold = Schemas['WallSite']['unit']

/** How far a command came. */
export type CommandTold = Schemas['Command']
