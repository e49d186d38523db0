import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import { createHandTime } from '@vigie/tests/fakes/hand-time'
import fc from 'fast-check'
import { monotonicFactory } from 'ulid'
import { expect, test } from 'vitest'
import { type ClassRules, classRules } from './class-rules.ts'
import { type Outbox, openOutbox } from './outbox.ts'

/*
 * Whatever is done in whatever order, several things at once: no class waits with more than its bytes, what was accepted is
 * there until its receipt or until it gave way and was counted, nothing is lent twice, and a restart changes nothing.
 */
const MAX_BYTES = 3_000
const RUNS = process.env['VIGIE_SOAK'] === '1' ? 300 : 25
const everything = { maxItems: 1_000, maxBytes: 1e9 }
const newUlid = monotonicFactory()

function tightRules(): ClassRules {
  const rules = classRules({ frameMaxBytes: MAX_BYTES })
  for (const name of ITEM_CLASSES) rules[name].maxBytes = MAX_BYTES
  return rules
}

type Action =
  | { do: 'keep'; items: Array<{ name: ItemClass; bytes: number }> }
  | { do: 'lend' | 'settle'; count: number }
  | { do: 'take-back' | 'restart' | 'ten-seconds' }

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('keep' as const),
    items: fc.array(fc.record({ name: fc.constantFrom(...ITEM_CLASSES), bytes: fc.integer({ min: 1, max: 1_200 }) }), {
      minLength: 1,
      maxLength: 6,
    }),
  }),
  fc.record({ do: fc.constantFrom('lend' as const, 'settle' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constantFrom('take-back' as const, 'restart' as const, 'ten-seconds' as const) }),
)

test(
  'holds its promises in any order of keep, lend, settle, lost connection and restart',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(actions, { minLength: 5, maxLength: 25 }), async (script) => {
        const folder = mkdtempSync(join(tmpdir(), 'vigie-any-'))
        const time = createHandTime({ nowMs: 1_800_000_000_000 })
        const open = () => openOutbox({ folder, rules: tightRules() }, { time, announce() {}, tell() {} })
        let { outbox } = await open()
        /** What should be here, by id, in the order in which it was handed over. */
        const here = new Map<ItemId, { name: ItemClass; bytes: number }>()
        const lent = new Set<ItemId>()
        let gaveWay = 0

        async function keep(box: Outbox, items: Array<{ name: ItemClass; bytes: number }>): Promise<void> {
          await Promise.all(
            items.map(async ({ name, bytes }) => {
              const id = newUlid() as ItemId // ULIDs are what ids of items are
              here.set(id, { name, bytes })
              const kept = await box.keep({ id, class: name, topic: name, payload: Buffer.alloc(bytes, name) })
              if (!kept.kept) here.delete(id)
              else gaveWay += kept.dropped
            }),
          )
        }

        try {
          for (const action of script) {
            if (action.do === 'keep') await keep(outbox, action.items)
            else if (action.do === 'lend') {
              for (const { id } of outbox.takeNextBatch(ITEM_CLASSES, { maxItems: action.count, maxBytes: 1e9 })) {
                expect(lent.has(id)).toBe(false)
                lent.add(id)
              }
            } else if (action.do === 'settle') {
              const ids = [...lent].slice(0, action.count)
              const settled = await outbox.settle(ids.map((id) => ({ id, outcome: 'stored' })))
              for (const { item } of settled) expect(here.delete(item.id)).toBe(true)
              for (const id of ids) {
                lent.delete(id)
                // Lent and not settled: it gave way meanwhile.
                if (here.delete(id)) gaveWay--
              }
            } else if (action.do === 'ten-seconds') time.pass(10_000)
            else {
              lent.clear()
              if (action.do === 'take-back') outbox.takeBackAll()
              else {
                await outbox.close()
                outbox = (await open()).outbox
              }
            }
            for (const name of ITEM_CLASSES) expect(outbox.backlog()[name].bytes).toBeLessThanOrEqual(MAX_BYTES)
          }
          await outbox.close()
          outbox = (await open()).outbox
          const found = outbox.takeNextBatch(ITEM_CLASSES, everything)
          for (const { id, class: name, bytes } of found) expect(here.get(id)).toEqual({ name, bytes })
          const missing = [...here].filter(([id]) => !found.some((one) => one.id === id))
          expect(missing).toHaveLength(gaveWay)
          // What was paid for and what raises an alarm gives way to nothing.
          expect(missing.filter(([, { name }]) => name === 'ticket' || name === 'alarm')).toEqual([])
          for (const one of found) expect(await outbox.read(one)).toEqual(Buffer.alloc(one.bytes, one.class))
          expect(readdirSync(join(folder, 'frames'))).toHaveLength(found.filter((one) => one.class === 'frame').length)
        } finally {
          await outbox.close()
          rmSync(folder, { recursive: true })
        }
      }),
      { numRuns: RUNS, verbose: true },
    )
  },
  RUNS * 10_000,
)
