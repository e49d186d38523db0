import type { BootId, CameraId, MachineBootId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Selectable, Transaction } from 'kysely'
import { type Database, writeInOrder } from './database.ts'
import { siteIn } from './fleet.ts'
import { addLiveEvents } from './live-events.ts'
import type { PresenceTable, Tables } from './tables.ts'

export type UnitPresence = Selectable<PresenceTable>

/** What a birth or a farewell says. */
export type PresenceNews = { unit: UnitId; site: SiteId; session: number; boot: BootId } & (
  | { online: true; software: string; machineBoot?: MachineBootId | null }
  | { online: false; reason: 'lost' | 'stopped' }
)

export type PresenceStore = {
  all(): Promise<UnitPresence[]>
  of(unit: UnitId): Promise<UnitPresence | undefined>
  /**
   * Takes what a unit or its last will says. Of an older session: ignored. Of the same session: a farewell ends it, and
   * nothing brings it back but a greater number.
   */
  note(news: PresenceNews, at: number): Promise<'taken' | 'older'>
  /** Units said to be online whom nobody has confirmed since `since` (their broker came back without them): unknown. */
  doubtUnconfirmed(since: number, at: number): Promise<UnitId[]>
}

export function createPresenceStore(database: Database<Tables>): PresenceStore {
  const { kysely } = database
  return {
    all: () => kysely.selectFrom('presence').selectAll().orderBy('unit').execute(),
    of: (unit) => kysely.selectFrom('presence').selectAll().where('unit', '=', unit).executeTakeFirst(),
    note: (news, at) =>
      writeInOrder(database, async (transaction) => {
        const standing = await transaction
          .selectFrom('presence')
          .selectAll()
          .where('unit', '=', news.unit)
          .executeTakeFirst()
        if (standing !== undefined && isOlder(news, standing)) return 'older'
        const condition = news.online ? 'online' : 'offline'
        const changed = standing?.condition !== condition || standing.site !== news.site
        const row = {
          site: news.site,
          condition,
          session: news.session,
          since: changed ? at : standing.since,
          confirmedAt: at,
          heardAt: Math.max(standing?.heardAt ?? 0, hearing(news, at)),
          boot: news.boot,
          machineBoot: news.online ? (news.machineBoot ?? null) : (standing?.machineBoot ?? null),
          software: news.online ? news.software : (standing?.software ?? null),
          reason: news.online ? null : news.reason,
        } as const
        await transaction
          .insertInto('presence')
          .values({ unit: news.unit, ...row })
          .onConflict((conflict) => conflict.column('unit').doUpdateSet(row))
          .execute()
        if (changed) await addPresenceEvents(transaction, news.site, at)
        return 'taken'
      }),
    doubtUnconfirmed: (since, at) =>
      writeInOrder(database, async (transaction) => {
        const doubted = await transaction
          .updateTable('presence')
          .set({ condition: 'unknown', since: at })
          .where('condition', '=', 'online')
          .where('confirmedAt', '<', since)
          .returning(['unit', 'site'])
          .execute()
        for (const { site } of doubted) await addPresenceEvents(transaction, site, at)
        return doubted.map(({ unit }) => unit)
      }),
  }
}

/** Notes that units were heard, in the transaction of what they said. A unit without a birth so far is `unknown`. */
export async function noteHeard(
  transaction: Transaction<Tables>,
  units: readonly { unit: UnitId; site: SiteId }[],
  at: number,
): Promise<void> {
  const each = new Map(units.map(({ unit, site }) => [unit, site]))
  if (each.size === 0) return
  const rows = [...each].map(([unit, site]) => ({
    unit,
    site,
    condition: 'unknown' as const,
    session: 0,
    since: at,
    confirmedAt: 0,
    heardAt: at,
    boot: null,
    machineBoot: null,
    software: null,
    reason: null,
  }))
  await transaction
    .insertInto('presence')
    .values(rows)
    .onConflict((conflict) => conflict.column('unit').doUpdateSet({ heardAt: at }).where('presence.heardAt', '<', at))
    .execute()
}

function isOlder(news: PresenceNews, standing: UnitPresence): boolean {
  if (news.session !== standing.session) return news.session < standing.session
  return news.online && standing.condition === 'offline'
}

/** A last will is the broker speaking, and a birth may be a retained one: neither says that the unit speaks now. */
const hearing = (news: PresenceNews, at: number): number => (!news.online && news.reason === 'stopped' ? at : 0)

async function addPresenceEvents(transaction: Transaction<Tables>, site: SiteId, at: number): Promise<void> {
  const document = await siteIn(transaction, site)
  const cameras = (document?.cameras ?? []).map(({ id }) => ({ site, camera: id as CameraId })) // the document's schema has the same pattern
  await addLiveEvents(transaction, 'presence', cameras, at)
}
