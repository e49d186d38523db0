import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { JSON_MESSAGE_MAX_BYTES } from '@vigie/contract/bounds'
import { ConfigurationVersion, DesiredSet } from '@vigie/contract/desired'
import { UtcTime } from '@vigie/contract/envelope'
import { DESIRED_DOCUMENTS, type DesiredDocument } from '@vigie/contract/topics'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { FAULTS, type FaultCode } from '../faults.ts'
import { isUnitKey } from '../identity/credential.ts'
import { writeWhole } from '../whole-file.ts'
import type { ConfigurationState, Pair } from './configuration-step.ts'

/** The text of each document, as it came. */
export type DocumentTexts = Readonly<Record<DesiredDocument, string>>

/**
 * The last good configuration: the set that was signed, its documents, and since when it runs. `key` is the unit's as it was
 * then, in PEM: a box that has got another key since must still reach its cameras.
 */
export type Confirmed = { set: DesiredSet; documents: DocumentTexts; since: string; key: string }

export type Remembered = Pick<ConfigurationState, 'seen' | 'refused'> & {
  refusedAt: string | null
  /** Tried when this was written. */
  trial: Pair | null
}

export type ConfigurationFiles = {
  /** Null: none was ever confirmed, or its file is damaged and was set aside. */
  readConfirmed(): Confirmed | null
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
    trial: Type.Union([Type.Null(), Type.Object(pair)]),
  }),
)

export const digestOf = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

const NOTHING: Remembered = { seen: null, refused: null, refusedAt: null, trial: null }

/**
 * Two small files in a folder of their own: the last good configuration, and what is remembered of those that came. Each is
 * replaced whole. What is damaged is set aside: the box then goes by what it was set up with, and hears its set again.
 */
export function createConfigurationFiles(folder: string): ConfigurationFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const confirmedFile = join(folder, 'confirmed.json')
  const memoryFile = join(folder, 'memory.json')
  return {
    readConfirmed() {
      const read = readJson(confirmedFile)
      if (read === undefined) return null
      if (ConfirmedFile.Check(read) && isWhole(read)) return read
      setAside(confirmedFile)
      return null
    },
    confirm: (confirmed) => writeWhole(confirmedFile, JSON.stringify(confirmed)),
    readMemory() {
      const read = readJson(memoryFile)
      if (read === undefined || !MemoryFile.Check(read)) return NOTHING
      const { refused } = read
      return { ...read, refused: refused && isFault(refused) ? refused : null }
    },
    remember: (memory) => writeWhole(memoryFile, JSON.stringify(memory)),
  }
}

/** A flash disk can give other bytes than were written: the signed digests tell of documents, and a key that is none. */
const isWhole = ({ set, documents, key }: Confirmed) =>
  isUnitKey(key) && DESIRED_DOCUMENTS.every((name) => digestOf(documents[name]) === set.documents[name])

function isFault<Of extends { reason: string }>(refused: Of): refused is Of & { reason: FaultCode } {
  return Object.hasOwn(FAULTS, refused.reason)
}

/** Undefined: there is no such file, or it is no JSON. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function setAside(file: string): void {
  renameSync(file, `${file}.damaged`)
}
