import type { ItemId } from '@vigie/contract/ids'
import type { TelemetryPoint } from '../series/series-store.ts'
import type { UnitState } from '../store/camera-states.ts'
import type { AddressedDeadLetter } from '../store/dead-letters.ts'
import type { NewFrame } from '../store/items.ts'
import type { Sighting } from '../store/sightings.ts'
import type { GateRow } from '../store/tickets/gate-rows.ts'
import type { Message, Sender } from './message.ts'

/** What is to be done with one message. */
export type Verdict =
  | { what: 'frame'; sender: Sender; frame: NewFrame; picture: Uint8Array }
  /** Its frame is looked for when it is stored: it may be of the same batch. */
  | { what: 'unchanged'; sender: Sender; message: Message; sighting: Sighting }
  | { what: 'state'; sender: Sender; id: ItemId; state: UnitState }
  | { what: 'ledger'; sender: Sender; id: ItemId; message: Message; rows: GateRow[] }
  | { what: 'telemetry'; sender: Sender; id: ItemId; points: TelemetryPoint[] }
  /** Older than may be kept: nothing is stored, the unit may forget it. */
  | { what: 'expired'; sender: Sender; id: ItemId }
  /** Will never be stored. With a sender and an id in its letter, the unit hears of it. */
  | { what: 'refused'; sender: Sender | null; letter: AddressedDeadLetter }
  /** Cannot be judged yet, its key is not known or our own clock is in doubt: the unit hears nothing and sends it again. */
  | { what: 'later' }
  /** Done with, nobody waits for an answer. */
  | { what: 'nothing' }

/** A message with what is to be done with it. */
export type Judged<Of extends Verdict = Verdict> = { message: Message; verdict: Of }

export type JudgedTelemetry = Judged<Extract<Verdict, { what: 'telemetry' }>>

export const isTelemetry = (judged: Judged): judged is JudgedTelemetry => judged.verdict.what === 'telemetry'
