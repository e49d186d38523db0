import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { CommandBody } from '@vigie/contract/command'
import type { CommandStep } from '../commands/command-life.ts'
import type { Webcam } from '../live/webcam.ts'
import type { SeriesReading } from '../series/series-store.ts'
import type { StoredCameraState } from '../store/camera-states.ts'
import type { Commissioning, CommissioningPhoto } from '../store/commissionings.ts'
import type { StoredReport } from '../store/configurations.ts'
import type { StoredFrame } from '../store/frames.ts'
import type { UnitPresence } from '../store/presence.ts'
import type { UnitCertificateTable } from '../store/unit-certificates.ts'
import type { UnitKey } from '../store/unit-keys.ts'
import type { Entered } from './entered.ts'

/** Everything that the checks of one commissioning look at, read at one moment. */
export type Facts = {
  now: number
  commissioning: Commissioning
  /** Its unit is the box that is looked at, which at a museum may be that of a lane. */
  site: SiteDocument
  presence: UnitPresence | null
  /** The keys of the site's unit, learnt from births whose certificates held. */
  keys: readonly UnitKey[]
  /** Certificates of the unit that is replaced, as the authority has told of them; none where nothing is replaced. */
  replaced: readonly Pick<UnitCertificateTable, 'serial' | 'endsAt' | 'revokedAt'>[]
  /** Which version of its configuration the site should have, and what its unit says that it has; null: nothing known. */
  configuration: { desired: number; reported: StoredReport | null } | null
  /** The newest frame of each view. */
  latest: readonly StoredFrame[]
  /** Frames of the last half hour, of every camera, in order of capture. */
  recent: readonly StoredFrame[]
  cameras: readonly StoredCameraState[]
  /** The unit's health in the last quarter of an hour, the newest last. */
  readings: readonly SeriesReading[]
  /** The site's cameras as the public sees them. */
  webcams: readonly Webcam[]
  entered: Entered
  photos: readonly CommissioningPhoto[]
  /** The commands that this check has asked for, by the name that it gave each; none where none can be asked. */
  commands: ReadonlyMap<string, AskedCommand>
}

/** How far a command of a check has come. */
export type AskedCommand = {
  step: CommandStep
  reason: string | null
  result: unknown
  /** When it came to this step. */
  at: number
}

/** What a check remembers from its beginning, or from one look to the next: plain JSON. */
export type Begun = Readonly<Record<string, string | number | null | undefined>>

export type Run = { startedAt: number; begun: Begun }

/** What one look says. `waiting`: it cannot run, since something that it needs is not there. */
export type Judgement =
  | { state: 'running'; reason?: string; begun?: Begun }
  | { state: 'passed'; measured: string }
  | { state: 'failed'; reason: string; measured?: string }
  | { state: 'not-applicable'; reason: string }
  | { state: 'waiting'; reason: string }

/** One acceptance check, in the technician's words. */
export type Check = {
  name: string
  title: string
  /** How it is checked. */
  how: string
  /** What must hold; null: there is no number to it. */
  limit: string | null
  /** What to do when it fails. */
  advice: string
  /** What the technician has to do while it runs; null: nothing. */
  toDo: string | null
  /** Whether a technician may say that it is done, with a word, where it cannot be measured. */
  mayBeSaid: boolean
  /** After so many seconds a check that still runs has failed. */
  withinS: number
  /** It breaks something on purpose: it begins when nothing that was asked of the unit runs any more. */
  isDrill?: true
  /** A drill would spoil it: it has to end first, as what asks something of the unit has to. */
  isBeforeDrills?: true
  /** What it remembers from its beginning. */
  begin?(facts: Facts): Begun
  /** The commands that it needs, each with a name by which it finds the answer. */
  asks?(facts: Facts): { as: string; body: CommandBody }[]
  judge(facts: Facts, run: Run): Judgement
}

/** A sentence a view: "cam1/amont: …; cam2/aval: …"; with one view, the text alone. */
export const byView = (lines: readonly { view: string; text: string }[]): string =>
  lines.length === 1 ? (lines[0]?.text ?? '') : lines.map(({ view, text }) => `${view} : ${text}`).join(' ; ')

/** Every view of a site. */
export const viewsOf = (site: SiteDocument) =>
  site.cameras.flatMap((camera) =>
    camera.presets.map((preset) => ({ view: `${camera.id}/${preset.id}`, camera, preset })),
  )
