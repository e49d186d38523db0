import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import type { NewCommand, StoredCommand } from '../store/commands.ts'
import { queueCommand } from './queue-command.ts'

test('keeps a reason without what PostgreSQL takes into no text', async () => {
  const kept: NewCommand[] = []
  const commands = {
    add: async (command: NewCommand) => {
      kept.push(command)
      return command as StoredCommand // what comes back is not looked at
    },
  }
  const wish = { site: 'seyne' as SiteId, unit: 'vg-0001' as UnitId, body: { name: 'resend-history' as const } }
  const newId = () => '01J00000000000000000000001' as ItemId
  await queueCommand({ commands, newId }, { ...wish, reason: 'neige\0', by: 'claire', withinS: 60, needsTwo: false }, 0)
  expect(kept).toMatchObject([{ reason: 'neige' }])
})
