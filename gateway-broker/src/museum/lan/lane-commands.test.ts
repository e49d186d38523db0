import type { BootId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { createLaneCommands } from './lane-commands.ts'

const site = 'musee-salagon' as SiteId
const [gateway, tripod, other] = ['vg-passerelle', 'vg-tripod1', 'vg-tripod2'] as UnitId[]
if (gateway === undefined || tripod === undefined || other === undefined) throw new Error('three units')

test('believes of a command only the box that was asked, whoever else names its id', async () => {
  let hear: (topic: string, payload: Buffer) => void = () => undefined
  const say = (unit: UnitId, command: string, step: 'done' | 'refused') => {
    const envelope = { v: 1, id: ulid(), unit, boot: ulid() as BootId, seq: 1, mono: 1, clock: 'synchronised' }
    const progress = { ...envelope, at: '2026-08-15T10:00:00.000Z', kind: 'progress', command, step }
    hear(`vigie/1/${site}/${unit}/progress`, Buffer.from(JSON.stringify(progress)))
  }
  const commands = await createLaneCommands({
    ...{ site, unit: gateway, now: () => 0, newId: () => ulid() as ItemId },
    voice: {
      async hear(_filter, take) {
        hear = (topic, payload) => void take(topic, payload)
      },
      async say(_topic, payload) {
        const { id } = JSON.parse(String(payload)) as { id: string }
        say(other, id, 'done')
        say(tripod, id, 'refused')
      },
      waitingBytes: () => 0,
    },
    wait: async () => undefined,
  })
  expect(await commands.ask(tripod, { name: 'open-lane', lane: 'tripod1' as never }, 'p-1')).toMatchObject({
    step: 'refused',
  })
})
