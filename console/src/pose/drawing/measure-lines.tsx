import { useRef } from 'preact/hooks'
import { HARD, numberInWords } from '../../look/wording.ts'
import type { Measure } from './density.ts'
import type { Size } from './frame.ts'

type Props = {
  measures: readonly Measure[]
  size: Size
  scale: number
  onMeasure: (index: number, measure: Measure) => void
}
type End = 'from' | 'to'

const PACE = 0.005
const bounded = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000

/** Lines across the road whose length is known: their ends are pulled to its edges, at two heights. */
export function MeasureLines({ measures, size: { width, height }, scale, onMeasure }: Props) {
  const held = useRef<{ index: number; end: End; x: number; y: number } | null>(null)

  function pull(event: PointerEvent & { currentTarget: SVGElement }) {
    const hand = held.current
    const measure = hand === null ? undefined : measures[hand.index]
    if (hand === null || measure === undefined) return
    event.stopPropagation()
    // Pixels of the screen, of which the picture has `scale` for each of its own.
    const [dx, dy] = [(event.clientX - hand.x) / scale / width, (event.clientY - hand.y) / scale / height]
    held.current = { ...hand, x: event.clientX, y: event.clientY }
    onMeasure(hand.index, { ...measure, y: bounded(measure.y + dy), [hand.end]: bounded(measure[hand.end] + dx) })
  }

  return (
    <>
      {measures.map((measure, index) => {
        const { y, from, to, metres } = measure
        return (
          <g key={`measure ${index}`} class="canvas-measure">
            <line x1={from * width} x2={to * width} y1={y * height} y2={y * height} />
            <text x={((from + to) / 2) * width} y={y * height - 8 / scale} font-size={16 / scale} text-anchor="middle">
              {numberInWords(metres)} m
            </text>
            {(['from', 'to'] as const).map((end) => (
              <circle
                key={end}
                cx={measure[end] * width}
                cy={y * height}
                r={16 / scale}
                tabIndex={0}
                role="slider"
                aria-label={`Bord ${end === 'from' ? 'gauche' : 'droit'} de la route, ligne ${index + 1}`}
                aria-description="Flèches pour déplacer"
                aria-valuemin={0}
                aria-valuemax={100}
                aria-valuenow={Math.round(measure[end] * 100)}
                aria-valuetext={`${Math.round(measure[end] * 100)}${HARD}% de la gauche, ${Math.round(y * 100)}${HARD}% du haut`}
                onPointerDown={(event) => {
                  event.stopPropagation()
                  event.currentTarget.setPointerCapture(event.pointerId)
                  held.current = { index, end, x: event.clientX, y: event.clientY }
                }}
                onPointerMove={pull}
                onPointerUp={() => {
                  held.current = null
                }}
                onKeyDown={(event) => {
                  const dx = event.key === 'ArrowLeft' ? -PACE : event.key === 'ArrowRight' ? PACE : 0
                  const dy = event.key === 'ArrowUp' ? -PACE : event.key === 'ArrowDown' ? PACE : 0
                  if (dx === 0 && dy === 0) return
                  event.preventDefault()
                  onMeasure(index, { ...measure, y: bounded(y + dy), [end]: bounded(measure[end] + dx) })
                }}
              />
            ))}
          </g>
        )
      })}
    </>
  )
}
