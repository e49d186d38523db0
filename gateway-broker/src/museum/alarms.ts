import type { Logger } from 'pino'
import { isUnwritten } from './ledger/ledger-file.ts'
import type { MuseumLedger } from './ledger/museum-ledger.ts'

/** Something that a person should look into. It stands in the ledger, so staff and cloud hear of it, also later. */
export type Alarms = { raise(cause: string, about: string): void }

/** What goes on being wrong is said once an hour: a lane gone mad must not fill the ledger. */
const AGAIN_AFTER_MS = 3_600_000
/** Different ones at once; beyond, the oldest may be said anew. */
const REMEMBERED = 200
const REASON_MAX_CHARACTERS = 200

export function createAlarms({
  ledger,
  log,
  monotonicMs,
}: {
  ledger: Pick<MuseumLedger, 'append'>
  log: Logger
  monotonicMs: () => number
}): Alarms {
  const said = new Map<string, number>()
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
      try {
        ledger.append([{ body: { kind: 'lane', state: 'fault', cause, reason } }])
      } catch (error) {
        if (!isUnwritten(error)) throw error
        said.delete(key)
        log.error({ err: error }, 'ledger.failing')
      }
    },
  }
}
