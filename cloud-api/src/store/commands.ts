import type { Progress } from '@vigie/contract/command'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Selectable, Transaction } from 'kysely'
import { afterSending, afterTime, afterWord, type CommandLife } from '../commands/command-life.ts'
import { type AuditEntry, appendAudit } from './audit.ts'
import { type Database, writeInOrder } from './database.ts'
import type { CommandTable, Tables } from './tables.ts'

export type StoredCommand = Selectable<CommandTable>
/** What somebody asks; it begins queued. */
export type NewCommand = Pick<
  StoredCommand,
  'id' | 'site' | 'unit' | 'body' | 'reason' | 'askedBy' | 'askedAt' | 'expiresAt' | 'needsApproval'
>

/** What was asked of units. Every change raises the command's `version`, by which a follower hears of it. */
export type CommandStore = {
  add(command: NewCommand, entry: AuditEntry): Promise<StoredCommand>
  of(site: SiteId, id: ItemId): Promise<StoredCommand | undefined>
  /** Of a site, the newest first. */
  newest(site: SiteId, limit: number): Promise<StoredCommand[]>
  /** Of all sites, not ended yet, in the order in which they were asked. */
  open(): Promise<StoredCommand[]>
  /** How many somebody asked since then, and how many of a site are open. */
  load(query: { askedBy: string; since: number; site: SiteId }): Promise<{ asked: number; open: number }>
  /** A second person says yes. Nothing happens to a command that has ended or needs no approval. */
  approve(
    site: SiteId,
    id: ItemId,
    by: { name: string; at: number },
    entry: AuditEntry,
  ): Promise<StoredCommand | undefined>
  /**
   * Takes a command for sending: true for one of those who have read the same version, so that of two instances one
   * sends it. It is noted as sent before it is: who dies in between leaves it to be sent again.
   */
  takeForSending(command: StoredCommand, at: number): Promise<boolean>
  /** What its unit says; undefined when there is no such command of this unit. */
  noteWord(unit: UnitId, progress: Progress, at: number): Promise<StoredCommand | undefined>
  /** Ends those that time has ended. @returns them */
  expire(now: number): Promise<StoredCommand[]>
  /** Forgets those that ended before. */
  forget(before: number): Promise<number>
}

/** At a time; SQLite takes 32,766 values in a statement, and a fleet has some dozens open. */
const OPEN_AT_MOST = 1_000

export function createCommandStore(database: Database<Tables>): CommandStore {
  const { kysely } = database
  const openOnes = (reader: typeof kysely | Transaction<Tables>) =>
    reader.selectFrom('command').selectAll().where('endedAt', 'is', null).orderBy('askedAt').limit(OPEN_AT_MOST)

  return {
    add: (command, entry) =>
      writeInOrder(database, async (transaction) => {
        const row: StoredCommand = {
          ...command,
          approvedBy: null,
          approvedAt: command.needsApproval === 1 ? null : command.askedAt,
          step: 'queued',
          ...{
            sentAt: null,
            sends: 0,
            deliveredAt: null,
            acceptedAt: null,
            endedAt: null,
            endReason: null,
            result: null,
          },
          version: 1,
        }
        await transaction.insertInto('command').values(row).execute()
        await appendAudit(transaction, entry)
        return row
      }),

    of: (site, id) =>
      kysely.selectFrom('command').selectAll().where('id', '=', id).where('site', '=', site).executeTakeFirst(),

    newest: (site, limit) =>
      kysely
        .selectFrom('command')
        .selectAll()
        .where('site', '=', site)
        .orderBy('askedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    open: () => openOnes(kysely).execute(),

    load: async ({ askedBy, since, site }) => {
      const count = (of: { numberOf: number | string | bigint } | undefined) => Number(of?.numberOf ?? 0)
      const asked = await kysely
        .selectFrom('command')
        .select(({ fn }) => fn.countAll<number>().as('numberOf'))
        .where('askedBy', '=', askedBy)
        .where('askedAt', '>=', since)
        .executeTakeFirst()
      const open = await kysely
        .selectFrom('command')
        .select(({ fn }) => fn.countAll<number>().as('numberOf'))
        .where('site', '=', site)
        .where('endedAt', 'is', null)
        .executeTakeFirst()
      return { asked: count(asked), open: count(open) }
    },

    approve: (site, id, { name, at }, entry) =>
      writeInOrder(database, async (transaction) => {
        const approved = await transaction
          .updateTable('command')
          .set(({ eb }) => ({ approvedBy: name, approvedAt: at, version: eb('version', '+', 1) }))
          .where('id', '=', id)
          .where('site', '=', site)
          .where('approvedAt', 'is', null)
          .where('endedAt', 'is', null)
          .returningAll()
          .executeTakeFirst()
        if (approved !== undefined) await appendAudit(transaction, entry)
        return approved
      }),

    takeForSending: async (command, at) => {
      const { sentAt, sends, deliveredAt, step } = afterSending(lifeOf(command), at)
      const taken = await kysely
        .updateTable('command')
        .set({ sentAt, sends, deliveredAt, step, version: command.version + 1 })
        .where('id', '=', command.id)
        .where('version', '=', command.version)
        .executeTakeFirst()
      return taken.numUpdatedRows > 0
    },

    noteWord: (unit, progress, at) =>
      writeInOrder(database, async (transaction) => {
        const found = await transaction
          .selectFrom('command')
          .selectAll()
          .where('id', '=', progress.command)
          .where('unit', '=', unit)
          .executeTakeFirst()
        return found && changeLife(transaction, found, afterWord(lifeOf(found), progress, at))
      }),

    expire: (now) =>
      writeInOrder(database, async (transaction) => {
        const ended: StoredCommand[] = []
        for (const command of await openOnes(transaction).execute()) {
          const after = afterTime(lifeOf(command), now)
          if (after.endedAt !== null) ended.push(await changeLife(transaction, command, after))
        }
        return ended
      }),

    forget: (before) =>
      writeInOrder(database, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('command')
          .where('endedAt', '<', before)
          .executeTakeFirst()
        return Number(numDeletedRows)
      }),
  }
}

export function lifeOf(command: StoredCommand): CommandLife {
  const { step, expiresAt, approvedAt, sentAt, sends, deliveredAt, acceptedAt, endedAt, endReason, result } = command
  return { step, expiresAt, approvedAt, sentAt, sends, deliveredAt, acceptedAt, endedAt, endReason, result }
}

async function changeLife(
  transaction: Transaction<Tables>,
  command: StoredCommand,
  after: CommandLife,
): Promise<StoredCommand> {
  const before = lifeOf(command)
  const isSame = (Object.keys(after) as (keyof CommandLife)[]).every((key) => after[key] === before[key])
  if (isSame) return command
  const changed = { ...after, version: command.version + 1 }
  await transaction.updateTable('command').set(changed).where('id', '=', command.id).execute()
  return { ...command, ...changed }
}
