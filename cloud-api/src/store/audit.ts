import type { SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import { CHAIN_START, hashOfRow } from '../audit/chain.ts'
import { type Database, writeInOrder } from './database.ts'
import type { AuditTable } from './people-tables.ts'
import { storableText } from './storable-text.ts'
import type { Tables } from './tables.ts'

/** One row of the trail, as it was kept. */
export type AuditRow = AuditTable

/** What somebody did. `before` and `after` are anything that JSON can say; never a secret. */
export type AuditEntry = {
  at: number
  /** A person's name (`request.person.name`), or the part of Vigie that acted by itself: `cloud`, `authority`. */
  who: string
  /** Noun and verb: `session.begun`, `unit.revoked`. */
  action: string
  /** Which one: a person's name, a unit, a document. */
  what: string
  site: SiteId | null
  before?: unknown
  after?: unknown
  reason?: string | undefined
}

export type AuditQuery = {
  who?: string | undefined
  /** The beginning of the action: `unit` finds `unit.revoked`. */
  action?: string | undefined
  site?: SiteId | undefined
  /** Only what concerns one of these sites; undefined: everything. */
  sites?: readonly SiteId[] | undefined
  from?: number | undefined
  to?: number | undefined
  /** Older than this row. */
  before?: number | undefined
  limit: number
}

/** Everything that people changed, in the order in which it was committed. Rows are added and never changed. */
export type AuditStore = {
  append(entry: AuditEntry): Promise<AuditRow>
  /** The newest first. */
  search(query: AuditQuery): Promise<AuditRow[]>
  /** In order, after a number; for the export and for `vigie audit verify`. */
  after(seq: number, limit: number): Promise<AuditRow[]>
  /** The newest row as it was noted beside the trail; null before the first. */
  end(): Promise<{ seq: number; hash: string } | null>
}

export function createAuditStore(database: Database<Tables>): AuditStore {
  const { kysely } = database
  return {
    append: (entry) => writeInOrder(database, (transaction) => appendAudit(transaction, entry)),
    search: async ({ who, action, site, sites, from, to, before, limit }) => {
      if (sites?.length === 0) return []
      let query = kysely.selectFrom('audit').selectAll()
      if (who !== undefined) query = query.where('who', '=', who)
      if (action !== undefined) query = query.where('action', 'like', `${action.replace(/[%_\\]/g, '')}%`)
      if (site !== undefined) query = query.where('site', '=', site)
      if (sites !== undefined) query = query.where('site', 'in', [...sites])
      if (from !== undefined) query = query.where('at', '>=', from)
      if (to !== undefined) query = query.where('at', '<', to)
      if (before !== undefined) query = query.where('seq', '<', before)
      return query.orderBy('seq', 'desc').limit(limit).execute()
    },
    after: (seq, limit) =>
      kysely.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute(),
    end: async () =>
      (await kysely.selectFrom('auditEnd').select(['seq', 'hash']).where('only', '=', 1).executeTakeFirst()) ?? null,
  }
}

/** Adds a row in the transaction of what it tells of (`writeInOrder`): both are there, or neither. */
export async function appendAudit(transaction: Transaction<Tables>, entry: AuditEntry): Promise<AuditRow> {
  const end = await transaction.selectFrom('auditEnd').select(['seq', 'hash']).where('only', '=', 1).executeTakeFirst()
  const row = {
    seq: (end?.seq ?? 0) + 1,
    at: entry.at,
    who: storableText(entry.who),
    action: entry.action,
    what: storableText(entry.what),
    site: entry.site,
    before: jsonOrNull(entry.before),
    after: jsonOrNull(entry.after),
    reason: entry.reason === undefined ? null : storableText(entry.reason),
  }
  const kept = { ...row, hash: hashOfRow(end?.hash ?? CHAIN_START, row) }
  await transaction.insertInto('audit').values(kept).execute()
  const { seq, hash } = kept
  await transaction
    .insertInto('auditEnd')
    .values({ only: 1, seq, hash })
    .onConflict((conflict) => conflict.column('only').doUpdateSet({ seq, hash }))
    .execute()
  return kept
}

const jsonOrNull = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value))
