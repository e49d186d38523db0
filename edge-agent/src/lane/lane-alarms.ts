import type { RowKeeper } from './keep-rows.ts'

/** What goes on being wrong is said once an hour: it must not fill the ledger. */
const AGAIN_AFTER_MS = 3_600_000
/** Different ones at once; beyond, the oldest may be said anew. */
const REMEMBERED = 100
const REASON_MAX_CHARACTERS = 200

/** Something about the box itself that a person should look into. It stands in the ledger, so staff and cloud hear of it. */
export function createLaneAlarms(keeper: Pick<RowKeeper, 'report'>, monotonicMs: () => number) {
  const said = new Map<string, number>()
  /** @returns whether it was news */
  return function raise(cause: string, about: string): boolean {
    const key = `${cause} ${about}`
    const nowMs = monotonicMs()
    if (nowMs - (said.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS) return false
    said.delete(key)
    said.set(key, nowMs)
    const [oldest] = said.keys()
    if (said.size > REMEMBERED && oldest !== undefined) said.delete(oldest)
    const reason = about.slice(0, REASON_MAX_CHARACTERS) || cause
    keeper.report({ body: { kind: 'lane', state: 'fault', cause, reason }, lane: null })
    return true
  }
}
