import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { timeOfDay } from '../../look/wording.ts'
import { type Measure, newestOf, rangeOf } from './measures.ts'

const HEIGHT_PX = 84
/** A unit of the first minute has one point: without a shortest span uPlot would stretch it to months. */
const SHORTEST_S = 600
/** The charts of a panel show one moment together. */
const CURSORS = 'unit'
/** Custom properties of tokens.css, in the order of the lines. */
const LINES = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5']

/** A small chart: the newest value in words, and its course. The words say what matters without the drawing. */
export function Chart({ measure }: { measure: Measure }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const chart = draw(element, measure)
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [measure])
  return (
    <section class="chart" aria-label={measure.title}>
      <h4>
        {measure.title} <span class="chart-newest">{newestInWords(measure)}</span>
      </h4>
      <div class="chart-place" ref={place} aria-hidden="true" />
    </section>
  )
}

function newestInWords({ lines, inWords }: Measure): string {
  const [first, ...others] = lines
  const value = first === undefined ? null : newestOf(first)
  if (first === undefined || value === null) return 'non mesuré'
  if (others.length === 0) return inWords(value)
  return lines.map((line) => `${line.label} ${inWords(newestOf(line) ?? 0)}`).join(', ')
}

function draw(element: HTMLElement, measure: Measure): uPlot {
  const { times, lines, inWords } = measure
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  const font = `12px ${style.fontFamily}`
  const axis = {
    stroke: token('--night-ink-quiet'),
    font,
    grid: { stroke: token('--night-line'), width: 1 },
    ticks: { show: false },
  }
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { sync: { key: CURSORS }, points: { size: 6 }, drag: { x: false, y: false } },
    series: [
      {},
      ...lines.map(({ label }, index) => ({
        label,
        stroke: token(LINES[index % LINES.length] ?? ''),
        width: 1.5,
        points: { show: false },
      })),
    ],
    scales: {
      x: { range: (_chart, from, to) => [Math.min(from, to - SHORTEST_S), to] },
      y: { range: (_chart, least, greatest) => rangeOf(measure, least ?? 0, greatest ?? 0) },
    },
    axes: [
      { ...axis, size: 22, space: 70, values: (_chart, splits) => splits.map((at) => timeOfDay(at * 1000)) },
      { ...axis, size: 64, space: 26, values: (_chart, splits) => splits.map((value) => inWords(value)) },
    ],
  }
  return new uPlot(options, [times, ...lines.map(({ values }) => values)], element)
}
