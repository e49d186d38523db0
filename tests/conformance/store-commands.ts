import type { AuditEntry } from '@vigie/cloud-api/store/audit'
import type { NewCommand } from '@vigie/cloud-api/store/commands'
import type { Progress } from '@vigie/contract/command'
import type { ItemId, UnitId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { newUlid } from '../fixtures/trial-fleet.ts'
import { boot, NOON, type OpenDatabase, site, unit, useStore } from './store-trial.ts'

const entry: AuditEntry = { at: NOON, who: 'claire', action: 'command.asked', what: '-', site }

function wish(change: Partial<NewCommand> = {}): NewCommand {
  return {
    ...{ id: newUlid() as ItemId, site, unit, body: '{"name":"restart-agent"}', reason: null, askedBy: 'claire' },
    ...{ askedAt: NOON, expiresAt: NOON + 120_000, needsApproval: 0 as const },
    ...change,
  }
}

const word = (command: ItemId, step: Progress['step'], over: Partial<Progress> = {}): Progress => ({
  ...{ v: 1, id: newUlid() as ItemId, unit, boot, seq: 0, at: '2026-11-22T12:00:00.000Z', mono: 1 },
  ...{ clock: 'synchronised' as const, kind: 'progress' as const, command, step },
  ...over,
})

/** What was asked of units, and how far it came. */
export function commandsAreKept(open: OpenDatabase): void {
  const trial = useStore(open)

  test('a command survives a restart of the cloud at every step of its life', async () => {
    const { id } = await trial.store.commands.add(wish(), entry)
    await trial.reopen()
    const [queued] = await trial.store.commands.open()
    expect(queued).toMatchObject({ id, step: 'queued', sends: 0 })
    if (queued) expect(await trial.store.commands.takeForSending(queued, NOON + 1)).toBe(true)
    await trial.reopen()
    expect(await trial.store.commands.of(site, id)).toMatchObject({
      step: 'delivered',
      sends: 1,
      deliveredAt: NOON + 1,
    })
    await trial.store.commands.noteWord(unit, word(id, 'accepted'), NOON + 2)
    await trial.reopen()
    const result = { of: 'restart' as const, awayMs: 9_000 }
    await trial.store.commands.noteWord(unit, word(id, 'done', { result }), NOON + 3)
    await trial.reopen()
    expect(await trial.store.commands.of(site, id)).toMatchObject({ step: 'done', endedAt: NOON + 3, version: 4 })
    expect(await trial.store.commands.open()).toEqual([])
  })

  test('of two instances that see a command one sends it', async () => {
    await trial.store.commands.add(wish(), entry)
    const other = await trial.second()
    const [[mine], [theirs]] = await Promise.all([trial.store.commands.open(), other.commands.open()])
    if (!mine || !theirs) throw new Error('both see it')
    const taken = await Promise.all([
      trial.store.commands.takeForSending(mine, NOON),
      other.commands.takeForSending(theirs, NOON),
    ])
    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  test('a word of another unit changes nothing, nor one that comes twice', async () => {
    const { id } = await trial.store.commands.add(wish(), entry)
    expect(await trial.store.commands.noteWord('vg-0999' as UnitId, word(id, 'done'), NOON)).toBeUndefined()
    await trial.store.commands.noteWord(unit, word(id, 'done'), NOON + 1)
    const again = await trial.store.commands.noteWord(unit, word(id, 'done'), NOON + 2)
    expect(again).toMatchObject({ endedAt: NOON + 1, version: 2 })
  })

  test('what needs a second person waits for one, and its approval stands in the trail', async () => {
    const { id } = await trial.store.commands.add(wish({ needsApproval: 1 }), entry)
    expect((await trial.store.commands.of(site, id))?.approvedAt).toBeNull()
    const by = { name: 'paul', at: NOON + 5 }
    const approval = { ...entry, who: 'paul', action: 'command.approved' }
    expect(await trial.store.commands.approve(site, id, by, approval)).toMatchObject({ approvedBy: 'paul' })
    expect(await trial.store.commands.approve(site, id, by, approval)).toBeUndefined()
    expect((await trial.store.audit.search({ limit: 9 })).map(({ action }) => action)).toEqual([
      'command.approved',
      'command.asked',
    ])
  })

  test('time ends what nobody took, and what has ended is forgotten after its time', async () => {
    const { id } = await trial.store.commands.add(wish(), entry)
    expect(await trial.store.commands.expire(NOON + 1)).toEqual([])
    expect(await trial.store.commands.expire(NOON + 200_000)).toMatchObject([{ id, endReason: 'not-delivered' }])
    expect(await trial.store.commands.forget(NOON)).toBe(0)
    expect(await trial.store.commands.forget(NOON + 300_000)).toBe(1)
  })

  test('how much somebody has asked, and of which site, is counted', async () => {
    await trial.store.commands.add(wish(), entry)
    await trial.store.commands.add(wish({ askedBy: 'paul', askedAt: NOON - 61_000 }), entry)
    expect(await trial.store.commands.load({ askedBy: 'paul', since: NOON - 60_000, site })).toEqual({
      asked: 0,
      open: 2,
    })
    expect(await trial.store.commands.load({ askedBy: 'claire', since: NOON - 60_000, site })).toEqual({
      asked: 1,
      open: 2,
    })
  })
}
