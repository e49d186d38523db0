import type { LaneState } from '@vigie/contract/gate/lane-mode'
import type { ItemId } from '@vigie/contract/ids'
import type { Word } from '../command/take-commands.ts'
import type { LaneBox } from './lane-box.ts'
import type { LaneWork } from './lane-work.ts'
import type { LanePlan } from './plan-lanes.ts'

/** The lanes of a unit, by a plan that can be replaced while they work; most units never have any. */
export type Lanes = {
  /** Lets the lanes work until aborted, by the plan that holds. */
  run(signal: AbortSignal): Promise<void>
  /** By another plan from now on. One that is the same disturbs nobody who is just going through. */
  replace(plan: LanePlan): void
  states(): LaneState[]
  find(lane: string): LaneWork | undefined
  box(): LaneBox | null
  /** Takes what came on the unit's `catalogue` or `feed`. */
  takeList(what: 'catalogue' | 'feed', payload: Uint8Array): void
  /** True: the command came on the LAN, and the word on it goes there. */
  sayHere(command: ItemId, word: Word, onSent: () => void): boolean
}

/** @param open what a box keeps that drives lanes; called at most once, before the first lane works */
export function createLanes(first: LanePlan, open: () => Promise<LaneBox>): Lanes {
  let plan = first
  let box: LaneBox | null = null
  let isOver = new AbortController()
  /** It is retained, and came before there was a lane: it would not come again on this connection. */
  let early: Uint8Array | null = null

  async function opened(): Promise<LaneBox> {
    box ??= await open()
    if (early !== null) box.lists.take('catalogue', early)
    early = null
    return box
  }

  return {
    async run(signal) {
      try {
        while (!signal.aborted) {
          if (isOver.signal.aborted) isOver = new AbortController()
          const over = AbortSignal.any([signal, isOver.signal])
          if (plan.lanes.length === 0) await untilAborted(over)
          else await (await opened()).run(plan, over)
        }
      } finally {
        box?.close()
        box = null
      }
    },
    replace(next) {
      const isSame = JSON.stringify(next) === JSON.stringify(plan)
      plan = next
      if (!isSame) isOver.abort()
    },
    states: () => (plan.lanes.length === 0 ? [] : (box?.crew().map(({ state }) => state()) ?? [])),
    find: (lane) => box?.crew().find(({ id }) => id === lane),
    box: () => box,
    takeList(what, payload) {
      if (box !== null) box.lists.take(what, payload)
      else if (what === 'catalogue') early = payload
    },
    sayHere: (command, word, onSent) => box?.commands.say(command, word, onSent) ?? false,
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
