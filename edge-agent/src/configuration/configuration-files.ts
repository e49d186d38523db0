import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { JSON_MESSAGE_MAX_BYTES } from '@vigie/contract/bounds'
import { ConfigurationVersion, DesiredSet } from '@vigie/contract/desired'
import { UtcTime } from '@vigie/contract/envelope'
import { DESIRED_DOCUMENTS, type DesiredDocument } from '@vigie/contract/topics'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { FAULTS, type FaultCode, faultCodeOf } from '../faults.ts'
import { isUnitKey } from '../identity/credential.ts'
import type { ConfigurationState, Pair } from './configuration-step.ts'
import { digestOf, readDigested, setAside, writeDigested } from './digested-file.ts'

/** The text of each document, as it came. */
export type DocumentTexts = Readonly<Record<DesiredDocument, string>>

/**
 * The last good configuration: the set that was signed, its documents, and since when it runs. `key` is the unit's as it was
 * then, in PEM: a box that has got another key since must still reach its cameras.
 */
export type Confirmed = { set: DesiredSet; documents: DocumentTexts; since: string; key: string }

export type Remembered = Pick<ConfigurationState, 'seen' | 'refused' | 'turnedAway'> & {
  refusedAt: string | null
  turnedAwayAt: string | null
  /** Tried when this was written. */
  trial: Pair | null
}

export type ConfigurationFiles = {
  /**
   * `confirmed` null: none was ever confirmed, or both of its files are damaged. `damaged`: the files that were, which are
   * set aside and written anew from the other one.
   */
  readConfirmed(): { confirmed: Confirmed | null; damaged: readonly string[] }
  /** Replaces the last good one by this, whole or not at all. @throws AgentFault `disk-failing` */
  confirm(confirmed: Confirmed): void
  readMemory(): Remembered
  /** @throws AgentFault `disk-failing` */
  remember(memory: Remembered): void
}

const Text = Type.String({ maxLength: JSON_MESSAGE_MAX_BYTES })
const ConfirmedFile = Compile(
  Type.Object({
    set: DesiredSet,
    documents: Type.Object(
      Object.fromEntries(DESIRED_DOCUMENTS.map((name) => [name, Text])) as Record<DesiredDocument, typeof Text>, // the keys are exactly the documents
    ),
    since: UtcTime,
    key: Text,
  }),
)
const pair = { version: ConfigurationVersion, attempt: ConfigurationVersion }
const MemoryFile = Compile(
  Type.Object({
    seen: Type.Union([Type.Null(), Type.Object({ ...pair, digests: DesiredSet.properties.documents })]),
    refused: Type.Union([
      Type.Null(),
      Type.Object({ ...pair, reason: Type.String(), about: Type.Optional(Type.String({ maxLength: 200 })) }),
    ]),
    refusedAt: Type.Union([Type.Null(), UtcTime]),
    turnedAway: Type.Union([
      Type.Null(),
      Type.Object({ reason: Type.String(), about: Type.Optional(Type.String({ maxLength: 200 })) }),
    ]),
    turnedAwayAt: Type.Union([Type.Null(), UtcTime]),
    trial: Type.Union([Type.Null(), Type.Object(pair)]),
  }),
)

const NOTHING: Remembered = {
  ...{ seen: null, refused: null, refusedAt: null },
  ...{ turnedAway: null, turnedAwayAt: null, trial: null },
}

/**
 * Small files in a folder of their own: the last good configuration, twice, and what is remembered of those that came. Each
 * is replaced whole. Where both copies are damaged, the box goes by what it was set up with, and hears its set again.
 */
export function createConfigurationFiles(folder: string): ConfigurationFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const confirmedFile = join(folder, 'confirmed.json')
  const copyFile = join(folder, 'confirmed-copy.json')
  const memoryFile = join(folder, 'memory.json')
  return {
    readConfirmed() {
      const [first, copy] = [readOne(confirmedFile), readOne(copyFile)]
      const damaged = [first, copy].flatMap(({ isDamaged, file }) => (isDamaged ? [file] : []))
      for (const file of damaged) setAside(file)
      const confirmed = first.confirmed ?? copy.confirmed
      if (confirmed && first.confirmed === null) mend(confirmedFile, confirmed)
      else if (confirmed && !isSame(copy.confirmed, confirmed)) mend(copyFile, confirmed)
      return { confirmed, damaged: damaged.map((file) => basename(file)) }
    },
    confirm(confirmed) {
      // The first one counts: what ends before it is written leaves the last good configuration as it was.
      writeDigested(copyFile, confirmed)
      writeDigested(confirmedFile, confirmed)
    },
    readMemory() {
      const read = readDigested(memoryFile)
      if (read.state !== 'read' || !MemoryFile.Check(read.value)) return NOTHING
      const { refused, turnedAway } = read.value
      return {
        ...read.value,
        refused: refused && isFault(refused) ? refused : null,
        turnedAway: turnedAway && isFault(turnedAway) ? turnedAway : null,
      }
    },
    remember: (memory) => writeDigested(memoryFile, memory),
  }
}

function readOne(file: string): { file: string; isDamaged: boolean; confirmed: Confirmed | null } {
  const read = readDigested(file)
  if (read.state !== 'read') return { file, isDamaged: read.state === 'damaged', confirmed: null }
  const { value } = read
  return ConfirmedFile.Check(value) && isConsistent(value)
    ? { file, isDamaged: false, confirmed: value }
    : { file, isDamaged: true, confirmed: null }
}

const isSame = (one: Confirmed | null, other: Confirmed) => JSON.stringify(one) === JSON.stringify(other)

/** What was signed tells of documents, whoever wrote the file, and a key that is none opens no password. */
const isConsistent = ({ set, documents, key }: Confirmed) =>
  isUnitKey(key) && DESIRED_DOCUMENTS.every((name) => digestOf(documents[name]) === set.documents[name])

/** A disk that takes nothing now is tried again at the next start. */
function mend(file: string, confirmed: Confirmed): void {
  try {
    writeDigested(file, confirmed)
  } catch (error) {
    if (faultCodeOf(error) === null) throw error
  }
}

function isFault<Of extends { reason: string }>(refused: Of): refused is Of & { reason: FaultCode } {
  return Object.hasOwn(FAULTS, refused.reason)
}
