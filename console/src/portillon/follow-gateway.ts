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
    // What happens from here on may come too late for this round, and does not wait for the next: somebody may go away.
    const news = listenForNews(gate)
    if (gate.link.value === 'up') {
      try {
        await handUp(gate)
        await fetchList({ ...gate, now }, signal)
      } catch {
        // It is gone again, or has no catalogue yet: what is kept is kept, and tried again.
      }
    }
    await countKept(gate)
    await pause(LIST_MS, AbortSignal.any([signal, news.signal]))
    news.stop()
  }
}

/** Its signal says that the gateway is there again, or that there is more to hand up to it. */
function listenForNews({ link, waiting }: Pick<Gate, 'link' | 'waiting'>): { signal: AbortSignal; stop(): void } {
  const heard = new AbortController()
  let [was, waited] = [link.value, waiting.value]
  const stops = [
    link.subscribe((is) => {
      if (is === 'up' && was !== 'up') heard.abort()
      was = is
    }),
    waiting.subscribe((count) => {
      if (count > waited && link.value === 'up') heard.abort()
      waited = count
    }),
  ]
  return {
    signal: heard.signal,
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}
