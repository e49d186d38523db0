import './portillon.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import { createMuseumApi } from '../api/museum.ts'
import { App } from './app.tsx'
import { followGateway, keepList } from './follow-gateway.ts'
import { countKept, type Gate } from './gate.ts'
import { readPass } from './pair/read-pass.ts'
import { openKept } from './phone/kept.ts'

const place = document.getElementById('portillon')
if (place !== null) await start(place)

async function start(root: HTMLElement): Promise<void> {
  // The pass stands behind the #, which no server hears, and leaves the address and the history at once.
  const pass = readPass(location.href)
  if (pass !== null) history.replaceState(null, '', location.pathname)

  const kept = await openKept(indexedDB)
  const mark = signal(await kept.mark())
  const gate: Gate = {
    ...{ api: createMuseumApi(location.origin), kept, me: signal(await kept.me()), link: signal('finding') },
    ...{ state: signal(null), waiting: signal(0), turnedAway: signal([]), listAt: signal(null) },
    now: () => Date.now() + clockOffsetMs(),
    newId: () => crypto.randomUUID(),
  }
  let heardAt = 0
  gate.state.subscribe(() => {
    heardAt = Date.now()
  })
  const clockOffsetMs = () => {
    const at = gate.state.peek()?.at
    return at === undefined ? mark.peek().clockOffsetMs : Date.parse(at) - heardAt
  }
  await countKept(gate)
  root.replaceChildren()
  render(<App gate={gate} pass={pass} />, root)
  // Absent where the page is not in a secure context; then it works as long as it is open.
  const { serviceWorker } = navigator as Partial<Pick<Navigator, 'serviceWorker'>>
  serviceWorker?.register('/portillon/service-worker.js', { scope: '/', type: 'module' }).catch(() => {})

  const untilClosed = new AbortController()
  void followGateway(gate, () => new EventSource('/api/v1/events'), untilClosed.signal)
  void keepList(gate, Date.now, untilClosed.signal)
}
