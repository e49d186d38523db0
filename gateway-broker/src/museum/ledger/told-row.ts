import type { Row } from '@vigie/contract/gate/row'
import type { ItemId, UnitId } from '@vigie/contract/ids'
import { bytesOfId, idOfBytes, type RowParts, rowOf } from '@vigie/contract/row-columns'

/** A row as it is found by `ROW`: its own columns, and those that it shares with others. */
export type FoundRow = Omit<RowParts, 'id' | 'decision'> & {
  position: number
  key: number
  made: number
  random: Buffer
  unit: UnitId
  seq: number
  aboutMade: number | null
  aboutRandom: Buffer | null
}

/** How a row is read, whichever is asked for. CROSS: the row is found first, and what it shares by its keys. */
export const ROW = `SELECT row.position, row.origin AS key, row.made, row.random, row.made + row.late AS at, origin.unit,
  row.seq, boot.id AS boot, row.mono, row.error, shape.text AS shape, row.ticket, about.made AS aboutMade,
  about.random AS aboutRandom, row.feed, row.feed_age AS feedAge, row.extra
  FROM row CROSS JOIN origin ON origin.key = row.origin CROSS JOIN boot ON boot.key = row.boot
  CROSS JOIN shape ON shape.key = row.shape LEFT JOIN row AS about ON about.position = row.about`

/** A ULID begins with the milliseconds at which it was made; the rest is chance. */
const MADE_BYTES = 6

/** An id in its two columns: by when it was made it is found, in an index that grows at its end. */
export function keptId(id: ItemId): [made: number, random: Buffer] {
  const bytes = bytesOfId(id)
  return [bytes.readUIntBE(0, MADE_BYTES), bytes.subarray(MADE_BYTES)]
}

function idBytes(made: number, random: Buffer): Buffer {
  const bytes = Buffer.alloc(MADE_BYTES + random.length)
  bytes.writeUIntBE(made, 0, MADE_BYTES)
  random.copy(bytes, MADE_BYTES)
  return bytes
}

/** A row as it was, but for its place in the chain. */
export function rowFound({ made, random, unit, seq, aboutMade, aboutRandom, ...parts }: FoundRow): Row {
  const id = idBytes(made, random)
  const decision = aboutMade === null || aboutRandom === null ? null : idOfBytes(idBytes(aboutMade, aboutRandom))
  return rowOf({ ...parts, id, decision }, { origin: unit, seq, prev: '', hash: '' })
}
