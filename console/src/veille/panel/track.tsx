import { momentInWords, timeOfDay } from '../../look/wording.ts'
import { pastInWords } from '../words.ts'
import { beginningOf, type Frames, frameByKey, nearestFrame, runsOf, timeOfFrame } from './frames.ts'

type Props = {
  frames: Frames
  index: number
  intervalMs: number
  now: number
  onIndex: (index: number) => void
}

/** The drawing's own width; it is stretched to the panel's. */
const WIDTH = 1000
const HOUR_MS = 3600_000

/** The last 24 hours as a slider in time: bars where there are pictures, holes where there are none. */
export function Track({ frames, index, intervalMs, now, onIndex }: Props) {
  const from = beginningOf(frames, now)
  const x = (at: number) => ((at - from) / (now - from)) * WIDTH
  const frame = frames[index]
  const at = frame === undefined ? now : timeOfFrame(frame)

  const seek = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const nearest = nearestFrame(frames, from + ((event.clientX - left) / width) * (now - from))
    if (nearest >= 0) onIndex(nearest)
  }

  return (
    <div
      class="track"
      role="slider"
      tabIndex={0}
      aria-label="Moment de l’image"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, frames.length - 1)}
      aria-valuenow={Math.max(0, index)}
      aria-valuetext={frame === undefined ? momentInWords(at, now) : pastInWords(frame, now)}
      onKeyDown={(event) => {
        const next = frameByKey(frames, index, event.key)
        if (next === null) return
        event.preventDefault()
        onIndex(next)
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        seek(event)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event)
      }}
    >
      <svg viewBox={`0 0 ${WIDTH} 24`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="track-ground" width={WIDTH} height="24" />
        {runsOf(frames, intervalMs).map((run) => (
          <rect
            key={run.from}
            class="track-run"
            x={x(run.from).toFixed(1)}
            width={Math.max(2, x(run.to) - x(run.from)).toFixed(1)}
            height="24"
          />
        ))}
      </svg>
      <span class="track-hand" style={{ left: `${(x(at) / WIDTH) * 100}%` }} />
      <Hours from={from} now={now} />
    </div>
  )
}

/** So many labels fit under the track of a phone. */
const LABELS_MAX = 6
const STEPS_MS = [600_000, 1_800_000, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS]

function Hours({ from, now }: { from: number; now: number }) {
  const step = STEPS_MS.find((ms) => (now - from) / ms <= LABELS_MAX) ?? 4 * HOUR_MS
  const first = Math.ceil(from / step) * step
  const times = Array.from({ length: Math.floor((now - first) / step) + 1 }, (_, index) => first + index * step)
  // A label in the middle of its moment needs some room on either side.
  const room = (now - from) * 0.05
  return (
    <span class="track-hours" aria-hidden="true">
      {times
        .filter((at) => at - from > room && now - at > room)
        .map((at) => (
          <span key={at} style={{ left: `${((at - from) / (now - from)) * 100}%` }}>
            {timeOfDay(at)}
          </span>
        ))}
    </span>
  )
}
