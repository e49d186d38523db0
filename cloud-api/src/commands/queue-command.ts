import type { CommandBody } from '@vigie/contract/command'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import type { CommandStore, StoredCommand } from '../store/commands.ts'
import { withoutSecret } from './command-told.ts'

export type CommandQueueing = {
  commands: Pick<CommandStore, 'add'>
  /** Makes a ULID, each time another. */
  newId: () => ItemId
}

/** What somebody asks; passwords in its body are sealed. */
export type QueuedWish = {
  site: SiteId
  unit: UnitId
  body: CommandBody
  reason?: string | undefined
  by: string
  withinS: number
  needsTwo: boolean
}

/** Puts a command in the queue, and into the audit trail. */
export function queueCommand(
  { commands, newId }: CommandQueueing,
  { site, unit, body, reason, by, withinS, needsTwo }: QueuedWish,
  now: number,
): Promise<StoredCommand> {
  const id = newId()
  // PostgreSQL has no NUL in its texts.
  const why = reason?.replaceAll('\0', '')
  return commands.add(
    {
      ...{ id, site, unit, body: JSON.stringify(body), reason: why ?? null, askedBy: by, askedAt: now },
      ...{ expiresAt: now + withinS * 1000, needsApproval: needsTwo ? 1 : 0 },
    },
    {
      ...{ at: now, who: by, action: 'command.asked', what: id, site, after: { unit, body: withoutSecret(body) } },
      ...(why !== undefined && { reason: why }),
    },
  )
}
