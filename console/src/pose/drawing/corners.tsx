import { HARD, numberInWords } from '../../look/wording.ts'
import type { DrawingEvent } from './drawing.ts'
import type { Size } from './frame.ts'
import { middleAfter, type Point, type Polygon } from './polygon.ts'

type Props = { polygon: Polygon; size: Size; scale: number; onEvent: (event: DrawingEvent) => void }

/** One press of an arrow; with shift ten of them. */
const PACE = 0.005
const ARROWS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The corners of what is chosen, to be pulled, and moved by the arrow keys; between them a sign for one more. */
export function Corners({ polygon, size: { width, height }, scale, onEvent }: Props) {
  const inWords = (share: number) => `${numberInWords(Math.round(share * 100))}${HARD}%`
  return (
    <>
      {polygon.map((_, index) => {
        const [x, y] = middleAfter(polygon, index)
        return <circle key={`after ${index}`} class="canvas-middle" cx={x * width} cy={y * height} r={8 / scale} />
      })}
      {polygon.map(([x, y], index) => (
        <circle
          key={`corner ${index}`}
          class="canvas-corner"
          cx={x * width}
          cy={y * height}
          r={14 / scale}
          tabIndex={0}
          role="slider"
          aria-label={`Coin ${index + 1} sur ${polygon.length}`}
          aria-description="Flèches pour déplacer, Suppr pour ôter"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(x * 100)}
          aria-valuetext={`${inWords(x)} de la gauche, ${inWords(y)} du haut`}
          onKeyDown={(event) => {
            const arrow = ARROWS[event.key]
            if (event.key === 'Delete' || event.key === 'Backspace') onEvent({ type: 'corner-removed', corner: index })
            else if (arrow === undefined) return
            else {
              const pace = event.shiftKey ? PACE * 10 : PACE
              onEvent({ type: 'corner-taken' })
              onEvent({ type: 'corner-moved', corner: index, to: [x + arrow[0] * pace, y + arrow[1] * pace] })
            }
            event.preventDefault()
          }}
        />
      ))}
    </>
  )
}
