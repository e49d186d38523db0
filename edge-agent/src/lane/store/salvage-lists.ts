import Database from 'better-sqlite3'
import { isDiskFull } from '../../outbox/disk-failure.ts'

/** An entry of the feed as a file holds it: the parts of one ticket, and what many have in common. */
export type KeptEntry = {
  ticket: Buffer
  n: number
  text: string
  at: number | null
  serial: number | null
  elsewhere: string | null
}

/**
 * What can still be read of damaged lists: by it a lane goes on while the cloud is away, which tells it all again. Of the
 * feed, from both its ends up to the first torn page.
 */
export function salvageLists(
  damagedFile: string,
  to: { catalogue(signed: string): void; entry(one: KeptEntry): void },
) {
  let damaged: Database.Database | undefined
  try {
    damaged = new Database(damagedFile, { fileMustExist: true, timeout: 0 })
    damaged.pragma('locking_mode = EXCLUSIVE')
    const file = damaged
    unlessTorn(() => {
      const signed = file.prepare('SELECT signed FROM catalogue').pluck().get()
      if (typeof signed === 'string') to.catalogue(signed)
    })
    for (const order of ['ASC', 'DESC']) {
      unlessTorn(() => {
        const entries = file.prepare<[], KeptEntry>(
          `SELECT ticket, n, text, at, serial, elsewhere FROM feed JOIN shape ON shape.key = feed.shape
           ORDER BY ticket ${order}`,
        )
        for (const one of entries.iterate()) if (isWhole(one)) to.entry(one)
      })
    }
  } catch (error) {
    // Its first page is gone, and with it the way to all others.
    if (!(error instanceof Database.SqliteError) || isDiskFull(error)) throw error
  } finally {
    unlessTorn(() => damaged?.close())
  }
}

function unlessTorn(read: () => void): void {
  try {
    read()
  } catch (error) {
    // A full disk is that of the new file.
    if (!(error instanceof Database.SqliteError) || isDiskFull(error)) throw error
  }
}

/** A page may be torn in its cells alone. */
function isWhole({ ticket, text, elsewhere }: KeptEntry): boolean {
  return (
    (ticket.byteLength === 8 || ticket.byteLength === 16) && isJson(text) && (elsewhere === null || isJson(elsewhere))
  )
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
