import { setImmediate as turnOfLoop } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import type { Ballast } from './ballast.ts'
import { isDiskFailure } from './disk-failure.ts'
import type { LivingTable } from './living-table.ts'

/** Keeps the file small and the log short, in steps that no item waits long for. */
export type Tidying = {
  /** Notes that a transaction was committed. */
  committed(): void
  /** Writes the log back into the table now, if the disk takes it: on a full one the log's own room serves again. */
  writeBack(): void
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>
}

const KiB = 1024
/**
 * A checkpoint writes each page of the log once into the table and syncs twice. With so much that is about what three
 * commits take, so an item that comes in the middle of it waits for no more than that.
 */
const CHECKPOINT_BYTES = 256 * KiB
/** When no pause comes, the log is written back all the same: an endless one is worse than an item that waits. */
const MAX_LOG_BYTES = 1024 * KiB
/** Space in the file is used again, so it is given back only when it is so much and half of the file: a drained outbox. */
const GIVE_BACK_FROM_BYTES = 1024 * KiB
/** What stays in the file for what comes next. */
const KEPT_FREE_BYTES = 256 * KiB
/** What is given back at a time: as long as a checkpoint takes. */
const STEP_BYTES = 256 * KiB

export function createTidying(deps: { table: LivingTable; isIdle: () => boolean; ballast: Ballast }): Tidying {
  const { table } = deps
  let isStopped = false
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    await pause()
    writeBack()
    await deps.ballast.restore()
    if (!table.tidy(hasMuchFree)) return
    while (!isStopped && table.tidy(freeBytes) > KEPT_FREE_BYTES) {
      await pause()
      table.tidy((database) => database.pragma(`incremental_vacuum(${Math.ceil(STEP_BYTES / pageBytes(database))})`))
      writeBack()
    }
  }

  /** Items go first. */
  async function pause(): Promise<void> {
    do await turnOfLoop()
    while (!deps.isIdle() && !isStopped)
  }

  function writeBack(): void {
    try {
      table.tidy((database) => database.pragma('wal_checkpoint(PASSIVE)'))
    } catch (error) {
      if (!isDiskFailure(error)) throw error
    }
  }

  return {
    committed() {
      const bytes = table.logBytes()
      if (bytes >= MAX_LOG_BYTES) writeBack()
      else if (bytes >= CHECKPOINT_BYTES && !running && !isStopped) {
        running = run()
          .catch((error: unknown) => {
            // What can wait does not stop the agent: the next commit says whether the disk works.
            if (!isDiskFailure(error)) throw error
          })
          .finally(() => {
            running = null
          })
      }
    },
    writeBack,
    async stop() {
      isStopped = true
      await running
    },
  }
}

const asked = (database: Database.Database, pragma: string) => Number(database.pragma(pragma, { simple: true }))
const pageBytes = (database: Database.Database) => asked(database, 'page_size')
const freeBytes = (database: Database.Database) => asked(database, 'freelist_count') * pageBytes(database)

function hasMuchFree(database: Database.Database): boolean {
  const free = freeBytes(database)
  if (free < GIVE_BACK_FROM_BYTES || asked(database, 'auto_vacuum') === 0) return false
  return free * 2 >= asked(database, 'page_count') * pageBytes(database)
}
