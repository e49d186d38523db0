import type { Logger } from 'pino'
import { isUnwritten } from './ledger/ledger-file.ts'
import type { MuseumLedger, Written } from './ledger/museum-ledger.ts'

/** Something that a person should look into. It stands in the ledger, so staff and cloud hear of it, also later. */
export type Alarms = {
  raise(cause: string, about: string): void
  /** Writes what could not be written when it was raised. To be asked now and then. */
  look(): void
}

/** What goes on being wrong is said once an hour: a lane gone mad must not fill the ledger. */
const AGAIN_AFTER_MS = 3_600_000
/** Different ones at once; beyond, the oldest may be said anew. */
const REMEMBERED = 200
const REASON_MAX_CHARACTERS = 200
/** While the disk takes nothing, or the ledger comes back. Beyond: the oldest stand in the log alone. */
const WAITING_MAX = 50

export function createAlarms({
  ledger,
  log,
  now,
  monotonicMs,
}: {
  ledger: Pick<MuseumLedger, 'append'>
  log: Logger
  now: () => number
  monotonicMs: () => number
}): Alarms {
  const said = new Map<string, number>()
  const waiting: Written[] = []
  function look(): void {
    if (waiting.length === 0) return
    try {
      ledger.append(waiting)
      waiting.length = 0
    } catch (error) {
      if (!isUnwritten(error)) throw error
      log.error({ err: error }, 'ledger.failing')
    }
  }
  return {
    raise(cause, about) {
      const key = `${cause} ${about}`
      const nowMs = monotonicMs()
      if (nowMs - (said.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS) return
      said.delete(key)
      said.set(key, nowMs)
      const [oldest] = said.keys()
      if (said.size > REMEMBERED && oldest !== undefined) said.delete(oldest)
      log.error({ cause, about }, 'museum.alarm')
      const reason = about.slice(0, REASON_MAX_CHARACTERS)
      waiting.push({ body: { kind: 'lane', state: 'fault', cause, reason }, atMs: now() })
      if (waiting.length > WAITING_MAX) waiting.shift()
      look()
    },
    look,
  }
}
