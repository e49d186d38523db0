import type { GateState } from '../api/museum.ts'
import { Refused } from '../api/refused.ts'
import { pause } from '../live/pause.ts'
import { countKept, type Gate } from './gate.ts'
import { fetchList } from './phone/follow-list.ts'
import { handUp } from './phone/hand-up.ts'

/** A gateway that lost its power sends no word of it: it is asked so often, beside what it says by itself. */
const ASK_MS = 4_000
/** While it is away: somebody stands there and waits for it. */
const ASK_AWAY_MS = 1_500
/** The list is some hundred bytes when little happened. */
const LIST_MS = 20_000

/** Knows whether the gateway is there, and what it says of its lanes, until the signal. */
export async function followGateway(gate: Gate, open: () => EventSource, signal: AbortSignal): Promise<void> {
  let source: EventSource | null = null
  signal.addEventListener('abort', () => source?.close())
  while (!signal.aborted) {
    await askState(gate)
    if (gate.link.value !== 'up') {
      source?.close()
      source = null
    } else if (source === null || source.readyState === EventSource.CLOSED) {
      source = open()
      source.addEventListener('error', () => void askState(gate))
      source.addEventListener('state', (event) => {
        gate.state.value = JSON.parse((event as MessageEvent<string>).data) as GateState // by the API's description
      })
    }
    await pause(gate.link.value === 'up' ? ASK_MS : ASK_AWAY_MS, signal)
  }
}

export async function askState({ api, link, state }: Pick<Gate, 'api' | 'link' | 'state'>): Promise<void> {
  try {
    state.value = await api.state()
    link.value = 'up'
  } catch (problem) {
    link.value = problem instanceof Refused && problem.status === 401 ? 'unpaired' : 'down'
  }
}

/** Hands up what this phone decided, and keeps its list near that of the gateway, whenever the gateway is there. */
export async function keepList(gate: Gate, now: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (gate.link.value === 'up') {
      try {
        await handUp(gate)
        await fetchList({ ...gate, now }, signal)
      } catch {
        // It is gone again, or has no catalogue yet: what is kept is kept, and tried again.
      }
    }
    await countKept(gate)
    await untilUpOr(LIST_MS, gate, signal)
  }
}

/** So long, or until the gateway is there again, or there is more to hand up to it. */
async function untilUpOr(
  ms: number,
  { link, waiting }: Pick<Gate, 'link' | 'waiting'>,
  signal: AbortSignal,
): Promise<void> {
  const enough = new AbortController()
  let [was, waited] = [link.value, waiting.value]
  const stops = [
    link.subscribe((is) => {
      if (is === 'up' && was !== 'up') enough.abort()
      was = is
    }),
    waiting.subscribe((count) => {
      if (count > waited && link.value === 'up') enough.abort()
      waited = count
    }),
  ]
  await pause(ms, AbortSignal.any([signal, enough.signal]))
  for (const stop of stops) stop()
}
