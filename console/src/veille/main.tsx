import './veille.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import { followWebcams } from '../live/follow.ts'
import { pause } from '../live/pause.ts'
import { createAddress } from './address.ts'
import { App } from './app.tsx'
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
  place.textContent = ''
  render(<App state={state} address={createAddress(window)} now={now} />, place)
  void followWebcams(
    {
      read: async (signal) => {
        const answer = await fetch('/api/v1/operators/wall', { signal })
        if (!answer.ok) {
          state.takeFailure(answer.status === 403 ? 'refused' : 'failed')
          throw new Error(`wall: ${answer.status}`)
        }
        return answer.json()
      },
      take: ({ sites, lastEventId = null }) => {
        state.takeSites(sites)
        return lastEventId
      },
      onWebcam: (webcam) => state.takeWebcam(webcam),
      onLink: (isUp) => state.takeLink(isUp, Date.now()),
    },
    {
      open: (last) => new EventSource(`/api/v1/events${last === null ? '' : `?lastEventId=${last}`}`),
      pause,
      random: Math.random,
    },
    new AbortController().signal,
  )
}
