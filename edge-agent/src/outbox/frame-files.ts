import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type ItemId, isItemId } from '@vigie/contract/ids'

/** Sealed frames as files, one for each, named by the frame's id. */
export type FrameFiles = {
  /** Resolves when the bytes are on the disk, whatever happens next; the file is there whole or not at all. */
  write(id: ItemId, bytes: Uint8Array): Promise<void>
  /** Null when there is no such file. */
  read(id: ItemId): Promise<Uint8Array | null>
  /** Removing what is not there is no error. */
  remove(id: ItemId): Promise<void>
  /** The ids of all whole files. Half-written ones of an earlier process are removed on the way. */
  list(): ItemId[]
}

const WHOLE = '.frame'
const HALF = '.half'

/** Files and not blobs in the database: a blob is written twice, into the log and into the table (2.04 bytes for each kept). */
export function createFrameFiles(folder: string): FrameFiles {
  mkdirSync(folder, { recursive: true })
  const place = (id: ItemId) => join(folder, `${id}${WHOLE}`)

  return {
    async write(id, bytes) {
      const half = join(folder, `${id}${HALF}`)
      try {
        const file = await open(half, 'w')
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(half, place(id))
      } catch (error) {
        await rm(half, { force: true })
        throw error
      }
      await syncFolder(folder)
    },

    async read(id) {
      try {
        return await readFile(place(id))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },

    remove: (id) => rm(place(id), { force: true }),

    list() {
      const ids: ItemId[] = []
      for (const name of readdirSync(folder)) {
        if (name.endsWith(HALF)) rmSync(join(folder, name), { force: true })
        const id = name.slice(0, -WHOLE.length)
        if (name.endsWith(WHOLE) && isItemId(id)) ids.push(id)
      }
      return ids
    },
  }
}

/** A rename is durable only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
