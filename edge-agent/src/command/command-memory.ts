import { readFileSync } from 'node:fs'
import { CommandResult } from '@vigie/contract/command-result'
import { jsonDecoder } from '@vigie/contract/decode'
import { ItemId } from '@vigie/contract/ids'
import Type from 'typebox'
import { isDiskFailure } from '../outbox/disk-failure.ts'
import { writeWhole } from '../whole-file.ts'
import { NO_ORDERS } from './orders.ts'

const LeftMs = Type.Union([Type.Null(), Type.Number({ minimum: 0 })])

/** A command that was taken: never again, until it has expired for long. */
const TakenCommand = Type.Object({
  id: ItemId,
  expiresAtMs: Type.Number(),
  step: Type.Union([Type.Literal('accepted'), Type.Literal('done'), Type.Literal('refused'), Type.Literal('expired')]),
  reason: Type.Optional(Type.String({ maxLength: 200 })),
  /** What it found, until the end has been said: 16 kB at most, and almost always of one command. */
  result: Type.Optional(CommandResult),
  /** It has ended, and nobody has been told. */
  isUntold: Type.Optional(Type.Boolean()),
  /** Accepted, and done when the agent has come back. */
  isReturning: Type.Optional(Type.Boolean()),
  /** When it began to return, by the unit's honest time. */
  sinceMs: Type.Optional(Type.Number()),
})
export type TakenCommand = Type.Static<typeof TakenCommand>

const Remembered = Type.Object({
  taken: Type.Array(TakenCommand, { maxItems: 1000 }),
  orders: Type.Object({
    atMs: Type.Number(),
    watchedMs: LeftMs,
    thriftyMs: Type.Union([LeftMs, Type.Literal('always')]),
  }),
})
export type Remembered = Type.Static<typeof Remembered>
const decode = jsonDecoder(Remembered)

/** What a unit must know of commands after a restart, in one small file. */
export type CommandMemory = {
  /** Empty when there is none, or when it is damaged: commands live for hours, so little is forgotten. */
  read(): Remembered
  /** Durable when it returns. @throws AgentFault `disk-failing` */
  write(remembered: Remembered): void
}

export function createCommandMemory(file: string): CommandMemory {
  return {
    read() {
      let bytes: Uint8Array
      try {
        bytes = readFileSync(file)
      } catch (error) {
        if (!isDiskFailure(error)) throw error
        return { taken: [], orders: NO_ORDERS }
      }
      const read = decode(bytes)
      return read.ok ? read.value : { taken: [], orders: NO_ORDERS }
    },

    write: (remembered) => writeWhole(file, JSON.stringify(remembered)),
  }
}
