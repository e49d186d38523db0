import './veille.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { createCloud } from '../api/cloud.ts'
import { createFleetApi } from '../api/fleet.ts'
import { createCloudClock } from '../live/cloud-clock.ts'
import { pause } from '../live/pause.ts'
import { createAddress } from './address.ts'
import { App } from './app.tsx'
import { followWall } from './live/follow-wall.ts'
import { createWallState } from './live/wall-state.ts'

/** Ages are shown in minutes: the wall looks at the clock this often. */
const TICK_MS = 5_000

const place = document.getElementById('veille')
if (place !== null) {
  const cloud = createCloud(location.origin)
  const cloudClock = createCloudClock(Date.now(), () => performance.now())
  const state = createWallState()
  const now = signal(cloudClock.now())
  const tick = () => {
    now.value = cloudClock.now()
  }
  setInterval(tick, TICK_MS)
  // With the first answer: by the clock of a desk that is wrong, the pictures of the last day may all be too old to show.
  const clock = {
    ...cloudClock,
    set: (at: number) => {
      cloudClock.set(at)
      tick()
    },
  }

  place.replaceChildren()
  render(
    <App
      account={createAccountApi(location.origin)}
      cloud={cloud}
      fleet={createFleetApi(location.origin)}
      state={state}
      address={createAddress(window)}
      now={now}
    />,
    place,
  )

  const open = (lastEventId: string | null) => new EventSource(`/api/v1/events?lastEventId=${lastEventId ?? ''}`)
  const untilClosed = new AbortController()
  void followWall({ cloud, state, clock, open, pause, random: Math.random }, untilClosed.signal)
}
