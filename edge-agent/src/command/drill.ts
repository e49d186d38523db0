import type { CommandNamed } from '@vigie/contract/command'
import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import type { Time } from '../time.ts'
import type { UplinkGate } from '../uplink/uplink-gate.ts'
import { type Doer, done } from './doer.ts'

/** What is made while a drill runs. */
export type DrillCount = {
  /** Told of every item that was kept. */
  kept(item: { id: ItemId; class: ItemClass }): void
  drill: Doer<CommandNamed<'drill'>>
}

const IDS_TOLD = 100
/** A word is on the wire in less. */
export const SAID_WITHIN_MS = 1_000

/** The store-and-forward drill: the uplink stays shut for a while, and what was made meanwhile must arrive afterwards. */
export function createDrill({
  gate,
  time,
}: {
  gate: Pick<UplinkGate, 'shutFor'>
  time: Pick<Time, 'monotonicMs' | 'wait'>
}): DrillCount {
  let made: { id: ItemId; class: ItemClass }[] | null = null
  let isUnderWay = false
  return {
    kept(item) {
      made?.push({ id: item.id, class: item.class })
    },
    drill: {
      refusal: () => (isUnderWay ? 'drill-under-way' : null),
      async run({ seconds }, { signal }) {
        isUnderWay = true
        let startedMs = 0
        const items: { id: ItemId; class: ItemClass }[] = []
        try {
          // That it was accepted still leaves.
          await time.wait(SAID_WITHIN_MS, signal)
          startedMs = time.monotonicMs()
          made = items
          await gate.shutFor(seconds * 1000, signal)
        } finally {
          made = null
          isUnderWay = false
        }
        return done({
          of: 'drill',
          shutMs: time.monotonicMs() - startedMs,
          madeItems: items.length,
          madeFrames: items.filter((item) => item.class === 'frame').length,
          ids: items.slice(0, IDS_TOLD).map(({ id }) => id),
        })
      },
    },
  }
}
