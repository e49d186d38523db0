import type { SiteId, UnitId } from '@vigie/contract/ids'

/* The tables of commissioning, as `tables.ts` says of the others. */

export type CommissioningTable = {
  id: string
  site: SiteId
  /** Null until the technician has said, or scanned, which box it is. */
  unit: UnitId | null
  kind: 'new' | 'replacement'
  technician: string
  startedAt: number
  /** When its report was made; null: it is still open. */
  finishedAt: number | null
  replacedUnit: UnitId | null
  /** When a unit that is replaced is revoked. */
  oldUnitEnds: 'at-once' | 'when-new-runs' | null
  /** Why a unit is replaced. */
  reason: string | null
}

export type CommissioningStepTable = {
  commissioning: string
  step: string
  /** What was entered, JSON. */
  entered: string
  /** When it was entered, by the clock of whoever did: a phone may say it hours later. */
  enteredAt: number
  enteredBy: string
  startedAt: number
  changedAt: number
  doneAt: number | null
  /** The seconds that the step was in front of somebody, as the phone counted; null: nobody counted. */
  spentS: number | null
}

export type CheckState = 'waiting' | 'running' | 'passed' | 'failed' | 'by-hand' | 'not-applicable'

export type CommissioningCheckTable = {
  commissioning: string
  name: string
  state: CheckState
  measured: string | null
  reason: string | null
  /** What a check remembers from its beginning, JSON. */
  begun: string
  startedAt: number
  endedAt: number | null
  /** Who said that it is done; null: it was measured. */
  saidBy: string | null
}

export type CommissioningPhotoTable = {
  /** Made by whoever sends it, so that sending it again makes no second one. */
  id: string
  commissioning: string
  sha256: string
  caption: string
  takenAt: number | null
  addedAt: number
  addedBy: string
  widthPx: number
  heightPx: number
  bytes: number
}

export type CommissioningReportTable = {
  commissioning: string
  /** 1, 2, ...: a report is never replaced, a later one stands beside it. */
  number: number
  site: SiteId
  sha256: string
  bytes: number
  madeAt: number
  madeBy: string
  /** SHA-256 of the certificate that signed it; null: it is not signed. */
  signer: string | null
}

export type CommissioningTables = {
  commissioning: CommissioningTable
  commissioningStep: CommissioningStepTable
  commissioningCheck: CommissioningCheckTable
  commissioningPhoto: CommissioningPhotoTable
  commissioningReport: CommissioningReportTable
}
