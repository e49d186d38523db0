import type { ClockState } from '@vigie/contract/clock'
import type { DeadLetterReason } from '@vigie/contract/dead-letter'
import type { BootId, CameraId, ItemId, KeyId, MachineBootId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import type { CameraState } from '@vigie/contract/state'
import type { Generated } from 'kysely'
import type { CommandLife } from '../commands/command-life.ts'
import type { Freshness } from '../freshness/freshness.ts'
import type { CommissioningTables } from './commissioning-tables.ts'
import type { ConfigurationTables } from './configuration-tables.ts'
import type { PeopleTables } from './people-tables.ts'
import type { TicketTables } from './tickets/ticket-tables.ts'
import type { AuthorityPositionTable, UnitCertificateTable } from './unit-certificates.ts'

/*
 * The tables as the code reads them; Kysely's CamelCasePlugin spells the columns with underscores. Every time is in
 * milliseconds since 1970-01-01 UTC, as a number: both databases then order and compare alike.
 */

export type SiteTable = { id: SiteId; unit: UnitId; document: string }

export type UnitKeyTable = {
  unit: UnitId
  key: KeyId
  site: SiteId
  /** The public key, SubjectPublicKeyInfo in PEM. */
  publicKey: string
  certificateEndsAt: number
  learntAt: number
}

export type PresenceTable = {
  unit: UnitId
  site: SiteId
  condition: 'online' | 'offline' | 'unknown'
  session: number
  /** When the condition last changed, by the cloud's clock. */
  since: number
  /** When a birth or farewell was last heard, by the cloud's clock. */
  confirmedAt: number
  /** When anything was last heard of the unit, by the cloud's clock. */
  heardAt: number
  boot: BootId | null
  /** Which start of the machine it last spoke from; null: it does not say. */
  machineBoot: MachineBootId | null
  software: string | null
  /** Why it is offline: the broker's word (`lost`) or the unit's own (`stopped`). */
  reason: 'lost' | 'stopped' | null
}

export type FrameTable = {
  id: ItemId
  site: SiteId
  unit: UnitId
  camera: CameraId
  preset: PresetId
  capturedAt: number
  clock: ClockState
  boot: BootId
  seq: number
  mono: number
  widthPx: number
  heightPx: number
  bytes: number
  sha256: string
  maskVersion: number
  key: KeyId
  receivedAt: number
  /** When the unit last found the view unchanged, by which clock, and when it said so; null: never since the capture. */
  seenAt: number | null
  seenClock: ClockState | null
  seenReceivedAt: number | null
  /** From the newest sight of the view to the next planned one, in seconds; null: as the site document says. */
  intervalS: number | null
  /** What the unit doubts of the picture, in codes with a space between; empty: nothing. */
  doubts: string
  /**
   * `deleted`: past its public life; the row stays so that its address answers 410. `undecodable`: taken back, since
   * nobody could look at it.
   */
  picture: 'kept' | 'deleted' | 'undecodable'
  /** `impossible`: the picture could not be made smaller; it is not tried again. */
  thumbnails: 'missing' | 'made' | 'impossible'
}

/** The newest frame of each view: the database's own answer to "what is there now", without a search. */
export type LatestFrameTable = { site: SiteId; camera: CameraId; preset: PresetId; frame: ItemId; capturedAt: number }

export type CameraStateTable = {
  site: SiteId
  camera: CameraId
  unit: UnitId
  condition: CameraState['condition']
  since: number
  fault: string | null
  failures: number
  /** Place of the state message that said so: to ignore an older one that comes later. */
  boot: BootId
  seq: number
  at: number
}

export type DeadLetterTable = {
  id: Generated<number>
  receivedAt: number
  topic: string
  site: SiteId | null
  unit: UnitId | null
  /** The item's id where one could be read: a message that comes again is counted once. */
  item: ItemId | null
  reason: DeadLetterReason
  detail: string
  bytes: number
  excerpt: Buffer
}

export type LiveCause = 'frame' | 'unchanged' | 'freshness' | 'presence' | 'state'

export type LiveEventTable = { seq: Generated<number>; at: number; site: SiteId; camera: CameraId; cause: LiveCause }

/** The freshness that was last told of each view, so that a change is told once, whoever notices it. */
export type ToldFreshnessTable = { site: SiteId; camera: CameraId; preset: PresetId; freshness: Freshness }

/** What somebody asked of a unit, and how far it came. */
export type CommandTable = CommandLife & {
  id: ItemId
  site: SiteId
  unit: UnitId
  /** As JSON; passwords in it are sealed to the unit's key. */
  body: string
  reason: string | null
  /** A person's name. */
  askedBy: string
  askedAt: number
  needsApproval: 0 | 1
  approvedBy: string | null
  version: number
}

export type Tables = CommissioningTables &
  ConfigurationTables &
  PeopleTables &
  TicketTables & {
    site: SiteTable
    unitKey: UnitKeyTable
    presence: PresenceTable
    frame: FrameTable
    latestFrame: LatestFrameTable
    cameraState: CameraStateTable
    deadLetter: DeadLetterTable
    liveEvent: LiveEventTable
    toldFreshness: ToldFreshnessTable
    command: CommandTable
    unitCertificate: UnitCertificateTable
    authorityPosition: AuthorityPositionTable
  }
