import '../look/icon.svg'
import './inforoute.css'
import type { WebcamList } from '../api/schemas.ts'
import { createCloudClock } from '../live/cloud-clock.ts'
import { followWebcams } from '../live/follow.ts'
import { pause } from '../live/pause.ts'
import { NARROW, timeOfDay } from '../look/wording.ts'
import { createLivePage } from './live-page.ts'
import { followOnMap } from './near-marker.ts'

/** Ages are in minutes: this is often enough. */
const TICK_MS = 10_000
/** A page that changes cells in a valley loses its link for some seconds; that is not worth a word. */
const SILENT_LOSS_MS = 15_000

const clock = createCloudClock(Number(document.documentElement.dataset['now']), () => performance.now())
const live = createLivePage(document)
let lostAt: number | null = null

function show() {
  const now = clock.now()
  const isLost = lostAt !== null && now - lostAt > SILENT_LOSS_MS
  live.notice(
    isLost && lostAt !== null ? `Connexion perdue${NARROW}: images non actualisées depuis ${timeOfDay(lostAt)}.` : null,
  )
  live.show(now)
}

async function read(signal: AbortSignal): Promise<WebcamList> {
  const answer = await fetch('/api/v1/webcams', { signal, cache: 'no-cache' })
  if (!answer.ok) throw new Error(`webcams: ${answer.status}`)
  return answer.json()
}

/** Listens while the page is seen. In a pocket it costs nothing, and when it is looked at again it reads all anew. */
function followWhileSeen() {
  const seen = new AbortController()
  document.addEventListener('visibilitychange', () => seen.abort(), { once: true })
  return followWebcams(
    {
      read,
      take: ({ generatedAt, lastEventId, features }) => {
        clock.set(Date.parse(generatedAt))
        for (const webcam of features) live.take(webcam)
        show()
        return lastEventId
      },
      onWebcam: (webcam) => {
        live.take(webcam)
        show()
      },
      onLink: (isUp) => {
        lostAt = isUp ? null : (lostAt ?? clock.now())
        if (isUp) show()
      },
    },
    {
      open: (lastEventId) =>
        new EventSource(`/api/v1/events${lastEventId === null ? '' : `?lastEventId=${lastEventId}`}`),
      pause,
      random: Math.random,
    },
    seen.signal,
  )
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void followWhileSeen()
})
if (document.visibilityState === 'visible') void followWhileSeen()
setInterval(show, TICK_MS)
followOnMap(document)
