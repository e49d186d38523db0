import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { jsonDecoder } from '@vigie/contract/decode'
import { Count, UtcTime } from '@vigie/contract/envelope'
import { MachineBootId } from '@vigie/contract/ids'
import Type from 'typebox'

/** What a unit remembers of the time, through restarts and power cuts. */
export const Remembered = Type.Object({
  v: Type.Literal(1),
  /** It was not earlier than `at` when the machine had been up for so long in that boot. */
  last: Type.Object({ boot: MachineBootId, upMs: Count, at: UtcTime }),
  /** Boots of the machine in which the time became known, the newest last: when each began. */
  boots: Type.Array(Type.Object({ boot: MachineBootId, began: UtcTime }), { maxItems: 64 }),
})
export type Remembered = Type.Static<typeof Remembered>
const decodeRemembered = jsonDecoder(Remembered)

export type ClockMemory = {
  /** Null when nothing was kept, or what was kept cannot be read: then there is only the date of the software. */
  read(): Remembered | null
  /** Durable when it returns; throws what the disk says. */
  save(remembered: Remembered): void
}

/** A file of its own, so that it outlives an outbox that had to be set aside. Written whole or not at all. */
export function createClockMemory(file: string): ClockMemory {
  return {
    read() {
      try {
        const remembered = decodeRemembered(readFileSync(file))
        return remembered.ok ? remembered.value : null
      } catch {
        return null
      }
    },
    save(remembered) {
      const half = `${file}.half`
      writeFileSync(half, `${JSON.stringify(remembered)}\n`, { flush: true })
      renameSync(half, file)
      const folder = openSync(dirname(file), 'r')
      fsyncSync(folder)
      closeSync(folder)
    },
  }
}
