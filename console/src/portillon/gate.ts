import type { Signal } from '@preact/signals'
import type { GateState, Me, MuseumApi } from '../api/museum.ts'
import type { Kept, TurnedAway } from './phone/kept.ts'

/** `up`: the gateway answers. `down`: this phone decides by itself. `unpaired`: the gateway does not know it. */
export type Link = 'finding' | 'up' | 'down' | 'unpaired'

/** What every screen of the page works with. */
export type Gate = {
  api: MuseumApi
  kept: Kept
  me: Signal<Me | null>
  link: Signal<Link>
  /** As the gateway said it last; null: never yet. */
  state: Signal<GateState | null>
  /** Decisions of this phone that are not handed up, and those that the gateway would not take. */
  waiting: Signal<number>
  turnedAway: Signal<TurnedAway[]>
  /** Whether there is a list to decide by without the gateway, and since when it is as it is. */
  listAt: Signal<number | null>
  /** By the gateway's clock, as far as it was heard. */
  now: () => number
  newId: () => string
}

/** Reads anew what stands on the phone. */
export async function countKept({ kept, waiting, turnedAway, listAt }: Gate): Promise<void> {
  const [outgoing, refused, mark, catalogue] = await Promise.all([
    kept.outgoing(),
    kept.turnedAway(),
    kept.mark(),
    kept.catalogue(),
  ])
  waiting.value = outgoing.length
  turnedAway.value = refused
  listAt.value = catalogue === null || mark.syncedAt === 0 ? null : mark.syncedAt
}
