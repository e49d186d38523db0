import { existsSync, rmSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Files that only take room. On a full disk even a DELETE fails, since it is written into a log first; giving them up makes
 * room for the log (1 MiB) and for 2,000 records. The last one is for receipts alone, which make room for everything else.
 */
export type Ballast = {
  /** Gives one up. @param forReceipts also the last one. @returns whether there was any */
  release(forReceipts: boolean): boolean
  /** Takes room again when there is plenty. What fails is tried again at the next call. */
  restore(): Promise<void>
}

const MiB = 1024 * 1024
const PARTS = [
  { name: 'outbox.ballast', bytes: 2 * MiB, isForReceipts: false },
  { name: 'outbox.ballast-for-receipts', bytes: MiB, isForReceipts: true },
]

/** Less free than this is little: taking room again would soon give it up again, a needless write each time. */
const PLENTY_BYTES = 16 * MiB

/** Whether the disk of a folder has plenty of room, so that a write that failed did not fail for want of it. */
export async function hasPlentyOfRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize >= PLENTY_BYTES
}

export function createBallast(folder: string): Ballast {
  const parts = PARTS.map((part) => ({ ...part, file: join(folder, part.name) }))
  return {
    release(forReceipts) {
      const part = parts.find(({ file, isForReceipts }) => (forReceipts || !isForReceipts) && existsSync(file))
      if (part) rmSync(part.file, { force: true })
      return part !== undefined
    },

    async restore() {
      for (const { file, bytes } of parts) {
        if (existsSync(file) || !(await hasPlentyOfRoom(folder))) continue
        try {
          const handle = await open(file, 'w')
          try {
            // Not zeros, which some file systems store as nothing.
            await handle.writeFile(Buffer.alloc(bytes, 'ballast'))
            await handle.sync()
          } finally {
            await handle.close()
          }
        } catch (error) {
          // Half of it is worth nothing.
          await rm(file, { force: true })
          throw error
        }
      }
    },
  }
}
