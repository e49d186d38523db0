import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Corners } from './corners.tsx'
import type { Measure } from './density.ts'
import { type Drawing, type DrawingEvent, polygonChosen } from './drawing.ts'
import { type Lie, moved, pointAt, type Size, WHOLE, zoomed } from './frame.ts'
import { type Gesture, REACH_PX, strokeDone, type Tool, touchDown, zoneUnder } from './gesture.ts'
import { MeasureLines } from './measure-lines.tsx'
import type { Point } from './polygon.ts'
import { crossesItself } from './polygon.ts'

type Props = {
  picture: string
  /** Width to height. */
  aspect: number
  alt: string
  drawing: Drawing
  tool: Tool
  onEvent: (event: DrawingEvent) => void
  /** Shown instead of the corners, with their ends to be pulled. */
  measures: readonly Measure[] | null
  onMeasure: (index: number, measure: Measure) => void
}

/** A picture that is drawn on: one finger draws or pulls, two fingers bring it nearer and move it. */
export function ZoneCanvas({ picture, aspect, alt, drawing, tool, onEvent, measures, onMeasure }: Props) {
  const frame = useRef<SVGSVGElement>(null)
  const [size, setSize] = useState<Size>({ width: 358, height: 358 / aspect })
  const [lie, setLie] = useState<Lie>(WHOLE)
  const [stroke, setStroke] = useState<readonly Point[]>([])
  const gesture = useRef<Gesture | null>(null)
  const fingers = useRef(new Map<number, { x: number; y: number }>())

  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const measure = () => setSize({ width: element.clientWidth, height: element.clientWidth / aspect })
    const watcher = new ResizeObserver(measure)
    watcher.observe(element)
    measure()
    return () => watcher.disconnect()
  }, [aspect])

  // A passive listener could not keep the page from scrolling under the wheel.
  useEffect(() => {
    const element = frame.current
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      setLie((last) => zoomed(last, event.deltaY < 0 ? 1.15 : 1 / 1.15, placeOf(event), size))
    }
    element?.addEventListener('wheel', wheel, { passive: false })
    return () => element?.removeEventListener('wheel', wheel)
  }, [size])

  function placeOf(event: { clientX: number; clientY: number }) {
    const { left = 0, top = 0 } = frame.current?.getBoundingClientRect() ?? {}
    return { x: event.clientX - left, y: event.clientY - top }
  }

  function down(event: PointerEvent) {
    const place = placeOf(event)
    fingers.current.set(event.pointerId, place)
    frame.current?.setPointerCapture(event.pointerId)
    if (fingers.current.size > 1) {
      // A second finger: what the first began was no drawing.
      if (gesture.current?.type === 'corner') onEvent({ type: 'undo' })
      gesture.current = null
      setStroke([])
      return
    }
    if (measures !== null) {
      gesture.current = tool === 'hand' ? { type: 'pan' } : null
      return
    }
    const touch = { at: pointAt(lie, place, size), reach: REACH_PX / (size.height * lie.scale), stretch: aspect }
    const begun = touchDown(drawing, tool, touch)
    gesture.current = begun.gesture
    for (const one of begun.events) onEvent(one)
    if (begun.gesture.type === 'stroke') setStroke(begun.gesture.points)
  }

  function move(event: PointerEvent) {
    const before = fingers.current.get(event.pointerId)
    if (before === undefined) return
    const place = placeOf(event)
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1]
    fingers.current.set(event.pointerId, place)
    if (other !== undefined) {
      const spread =
        Math.hypot(place.x - other.x, place.y - other.y) /
        Math.max(1, Math.hypot(before.x - other.x, before.y - other.y))
      const middle = { x: (place.x + other.x) / 2, y: (place.y + other.y) / 2 }
      setLie((last) =>
        moved(zoomed(last, spread, middle, size), (place.x - before.x) / 2, (place.y - before.y) / 2, size),
      )
      return
    }
    const now = gesture.current
    if (now?.type === 'pan') setLie((last) => moved(last, place.x - before.x, place.y - before.y, size))
    if (now?.type === 'corner') onEvent({ type: 'corner-moved', corner: now.corner, to: pointAt(lie, place, size) })
    if (now?.type === 'stroke') {
      now.points.push(pointAt(lie, place, size))
      setStroke([...now.points])
    }
  }

  function up(event: PointerEvent) {
    const last = fingers.current.get(event.pointerId)
    fingers.current.delete(event.pointerId)
    const ended = gesture.current
    if (fingers.current.size > 0 || ended === null) return
    gesture.current = null
    setStroke([])
    if (event.type === 'pointercancel') return
    const done = ended.type === 'stroke' ? strokeDone(drawing, tool, ended.points) : null
    if (done !== null) onEvent(done)
    if (ended.type === 'pan' && last !== undefined && lie.scale === 1) {
      onEvent({ type: 'chosen', what: zoneUnder(drawing, pointAt(lie, last, size)) })
    }
  }

  const { width, height } = size
  const path = (polygon: readonly Point[]) => `M${polygon.map(([x, y]) => `${x * width} ${y * height}`).join('L')}`
  const chosen = polygonChosen(drawing)
  const middle = { x: width / 2, y: height / 2 }
  return (
    <div class="canvas" data-tool={tool}>
      <svg
        ref={frame}
        class="canvas-frame"
        viewBox={`0 0 ${width} ${height}`}
        style={{ height: `${height}px` }}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      >
        <title>{alt}</title>
        <defs>
          <pattern id="blocks" width="12" height="12" patternUnits="userSpaceOnUse">
            <rect class="canvas-block" width="12" height="12" />
            <rect class="canvas-block-dark" width="6" height="6" />
            <rect class="canvas-block-dark" x="6" y="6" width="6" height="6" />
          </pattern>
        </defs>
        <g transform={`translate(${lie.x} ${lie.y}) scale(${lie.scale})`}>
          <image href={picture} width={width} height={height} preserveAspectRatio="none" />
          {drawing.sheet.road !== null && (
            <path class="canvas-road" data-chosen={drawing.chosen === 'road'} d={`${path(drawing.sheet.road)}Z`} />
          )}
          {drawing.sheet.zones.map(({ polygon, fill, label }, index) => (
            <path
              key={`${index} ${label}`}
              class="canvas-zone"
              data-fill={fill}
              data-chosen={drawing.chosen === index}
              data-crossed={crossesItself(polygon)}
              d={`${path(polygon)}Z`}
            />
          ))}
          {stroke.length > 1 && <path class="canvas-stroke" d={path(stroke)} />}
          {measures === null && chosen !== null && (
            <Corners polygon={chosen} size={size} scale={lie.scale} onEvent={onEvent} />
          )}
          {measures !== null && (
            <MeasureLines measures={measures} size={size} scale={lie.scale} onMeasure={onMeasure} />
          )}
        </g>
      </svg>
      <div class="canvas-zoom">
        <button type="button" aria-label="Plus près" onClick={() => setLie((last) => zoomed(last, 1.6, middle, size))}>
          +
        </button>
        <button
          type="button"
          aria-label="Plus loin"
          onClick={() => setLie((last) => zoomed(last, 1 / 1.6, middle, size))}
        >
          −
        </button>
        <button type="button" aria-label="Image entière" disabled={lie.scale === 1} onClick={() => setLie(WHOLE)}>
          ⤢
        </button>
      </div>
    </div>
  )
}
