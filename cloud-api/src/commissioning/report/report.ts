import type { CheckState } from '../../store/commissioning-tables.ts'
import type { Check } from '../check.ts'

/** Everything that a report says, ready to be drawn: texts in French, pictures as JPEG. */
export type Report = {
  number: number
  title: string
  site: { id: string; name: string; road?: string; place: string; altitudeM: number }
  unit: { id: string; software: string; certificateUntil: string }
  technician: string
  startedAt: number
  madeAt: number
  /** Of a replacement: which box went, and why. */
  replacement: { unit: string; reason: string } | null
  cameras: readonly { id: string; profile: string; presets: string }[]
  views: readonly ReportView[]
  checks: readonly ReportCheck[]
  /** All steps together. */
  lasted: string
  steps: readonly { title: string; begunAt: number | null; doneAt: number | null; lasted: string; by: string }[]
  photos: readonly { caption: string; jpeg: Buffer; at: number }[]
  /** Who signs it; null: it is not signed, and says so. */
  signer: string | null
}

/** One view with the masked picture that the public sees. */
export type ReportView = {
  view: string
  label: string
  /** Null: there is none. */
  jpeg: Buffer | null
  lines: readonly string[]
}

export type ReportCheck = Pick<Check, 'title' | 'limit'> & {
  state: CheckState
  measured: string | null
  reason: string | null
  at: number | null
  saidBy: string | null
}

/** The states of a check, as the report writes them. */
export const STATE_WORDS: Readonly<Record<CheckState, string>> = {
  passed: 'réussie',
  'by-hand': 'constatée sur place',
  'not-applicable': 'sans objet',
  failed: 'échec',
  running: 'en cours',
  waiting: 'non faite',
}

/** What the site is handed over with all the same: whatever has not passed, was not seen, and applies. */
export const reservesOf = (checks: readonly ReportCheck[]): ReportCheck[] =>
  checks.filter(({ state }) => state === 'failed' || state === 'running' || state === 'waiting')

export function verdictOf(checks: readonly ReportCheck[]): string {
  const count = reservesOf(checks).length
  if (count === 0) return 'Site accepté sans réserve'
  return `Site accepté avec ${count} réserve${count > 1 ? 's' : ''}`
}
