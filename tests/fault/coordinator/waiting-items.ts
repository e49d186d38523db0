import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ItemClass } from '@vigie/contract/item-class'
import Database from 'better-sqlite3'

/** What waits on all units of a fleet, by id. Its agents must have stopped: each holds its outbox for itself. */
export function readWaitingItems(dataFolder: string): Map<string, ItemClass> {
  const units = join(dataFolder, 'units')
  const waiting = new Map<string, ItemClass>()
  for (const unit of readdirSync(units)) {
    const file = join(units, unit, 'outbox.sqlite')
    if (!existsSync(file)) continue
    const outbox = new Database(file, { readonly: true })
    const rows = outbox.prepare('SELECT id, class FROM item').all() as { id: string; class: ItemClass }[]
    outbox.close()
    for (const { id, class: name } of rows) waiting.set(id, name)
  }
  return waiting
}
