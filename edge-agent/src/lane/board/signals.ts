import type { LaneWiring } from '@vigie/config-schema/configuration/lane-wiring'
import type { Time } from '../../time.ts'
import type { Signal } from '../lane-life.ts'
import type { Board } from './board-port.ts'

const LAMPS = ['green', 'red', 'sound'] as const
type Lamp = (typeof LAMPS)[number]

/** So long these are on; null: until something else is said. */
type Beat = { on: readonly Lamp[]; forMs: number | null }

/**
 * Told apart without seeing a colour: one short tone, two long ones, one that does not stop for two seconds. The figures
 * leave the line free for a poll between two orders.
 */
const BEATS: Record<Signal, readonly Beat[]> = {
  welcome: [
    { on: ['green', 'sound'], forMs: 200 },
    { on: ['green'], forMs: null },
  ],
  refused: [
    { on: ['red', 'sound'], forMs: 500 },
    { on: ['red'], forMs: 250 },
    { on: ['red', 'sound'], forMs: 500 },
    { on: ['red'], forMs: 1_000 },
    { on: [], forMs: null },
  ],
  alarm: [
    { on: ['red', 'sound'], forMs: 2_000 },
    { on: ['red'], forMs: 2_000 },
    { on: [], forMs: null },
  ],
  open: [{ on: ['green'], forMs: null }],
  none: [{ on: [], forMs: null }],
}

/** Lamps and buzzer of a lane, as far as they are wired. A signal ends the one before. */
export function createSignals(wiring: LaneWiring, { time, board }: { time: Time; board: Pick<Board, 'set'> }) {
  const isOn = new Map<Lamp, boolean>()
  let saying = new AbortController()

  async function say(signal: Signal, end: AbortSignal): Promise<void> {
    for (const { on, forMs } of BEATS[signal]) {
      for (const lamp of LAMPS) {
        const coil = wiring[lamp]
        const wanted = on.includes(lamp)
        if (coil === undefined || isOn.get(lamp) === wanted || end.aborted) continue
        isOn.set(lamp, wanted)
        await board.set(coil, wanted).catch((error: unknown) => {
          isOn.delete(lamp)
          throw error
        })
      }
      if (forMs !== null) await time.wait(forMs, end)
    }
  }

  return {
    show(signal: Signal): void {
      saying.abort()
      saying = new AbortController()
      // What a board does not take, the next poll finds out; ended by the next signal is no failure.
      void say(signal, saying.signal).catch(() => undefined)
    },
    end: () => saying.abort(),
  }
}
