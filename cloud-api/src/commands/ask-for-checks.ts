import type { Clock } from '@vigie/contract/clock'
import { isItemId } from '@vigie/contract/ids'
import type { AskUnit } from '../commissioning/ask-unit.ts'
import type { CommandStore } from '../store/commands.ts'
import { type CommandQueueing, queueCommand } from './queue-command.ts'

/** The door by which acceptance checks ask a unit: the same queue, life and trail as a person's. */
export function createAskForChecks(
  deps: CommandQueueing & { commands: Pick<CommandStore, 'of'>; clock: Pick<Clock, 'now'> },
): AskUnit {
  return {
    ask: async (wish) => (await queueCommand(deps, { ...wish, needsTwo: false }, deps.clock.now())).id,
    async of(site, id) {
      const command = isItemId(id) ? await deps.commands.of(site, id) : undefined
      if (command === undefined) return undefined
      const { step, endReason, result, askedAt, deliveredAt, acceptedAt, endedAt } = command
      return {
        ...{ step, reason: endReason, at: endedAt ?? acceptedAt ?? deliveredAt ?? askedAt },
        result: result === null ? null : JSON.parse(result),
      }
    },
  }
}
