import { decodeFrame } from '@vigie/contract/frame'
import { buildTopic } from '@vigie/contract/topics'
import type { FrameFiles } from './frame-files.ts'
import type { ItemTable } from './item-table.ts'

/**
 * Brings rows and files of frames together when the outbox is opened, or had to be made anew.
 *
 * A file without a row is taken in again, since its header says all that its row said. It may have been settled, or never
 * accepted, by an agent that died in between; but its row may also have gone with a damaged page of the database's log,
 * which SQLite leaves out without a word. What the cloud has already, it will say so. A row without a file has lost its
 * picture: it is removed.
 */
export async function adoptFrames(table: ItemTable, files: FrameFiles): Promise<{ adopted: number; missing: number }> {
  const rows = new Set(table.next('frame', 'oldest-first', Number.MAX_SAFE_INTEGER).map(({ id }) => id))
  let adopted = 0
  // Ids are ULIDs: in their order, which is that of capture, the rows stand in again.
  for (const id of files.list().sort()) {
    if (rows.delete(id)) continue
    const bytes = await files.read(id)
    const frame = bytes && decodeFrame(bytes)
    if (!bytes || !frame?.ok || frame.value.header.id !== id) {
      await files.remove(id)
      continue
    }
    const { site, unit, camera, preset } = frame.value.header
    const topic = buildTopic({ site, unit, what: 'frame', camera, preset })
    table.add({ id, class: 'frame', topic, bytes: bytes.byteLength }, null)
    adopted++
  }
  const missing = table.inOneGo(() => [...rows].filter((id) => table.remove(id)))
  return { adopted, missing: missing.length }
}
