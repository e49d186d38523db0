import './veille.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import { createAddress } from './address.ts'
import { App } from './app.tsx'
import { followWebcams } from './live/follow.ts'
import { createWallState } from './live/wall-state.ts'

/** Ages are shown in minutes: the wall looks at the clock this often. */
const TICK_MS = 5_000

const place = document.getElementById('veille')
if (place !== null) {
  const state = createWallState()
  const now = signal(Date.now())
  setInterval(() => {
    now.value = Date.now()
  }, TICK_MS)
  const read = async () => {
    const answer = await fetch('/api/v1/operators/wall')
    const { sites } = await answer.json()
    state.takeSites(sites)
  }
  place.textContent = ''
  render(<App state={state} address={createAddress(window)} now={now} />, place)
  followWebcams(
    {
      onWebcam: (webcam) => state.takeWebcam(webcam),
      onGap: () => void read(),
      onLink: (isUp) => state.takeLink(isUp, Date.now()),
    },
    { open: () => new EventSource('/api/v1/events'), random: Math.random },
    new AbortController().signal,
  )
  void read().catch(() => state.takeFailure('failed'))
}
