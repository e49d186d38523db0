import type { Reading, Series } from '../../api/schemas.ts'
import { bytesInWords } from '../../look/byte-size.ts'
import { HARD, numberInWords } from '../../look/wording.ts'
import { CLASS_WORDS, CLASSES } from '../words.ts'

/** One line of a chart; null where nothing was measured. */
export type Line = { label: string; values: (number | null)[] }

/** One chart of a unit's health: what is measured, how a value is said, and the lines. */
export type Measure = {
  id: string
  title: string
  inWords: (value: number) => string
  /** How the scale stands: from nought, or around the values but never so near that noise looks like a storm. */
  scale: { from: 'zero' } | { from: 'values'; leastSpan: number }
  /** Seconds since 1970, as uPlot wants them. */
  times: number[]
  lines: Line[]
}

const ZERO = { from: 'zero' } as const

/** The charts of a unit, from its readings. A class that never waited has no line; an empty chart is left out. */
export function measuresOf({ readings: measured, stepSeconds }: Pick<Series, 'readings' | 'stepSeconds'>): Measure[] {
  const readings = withHoles(measured, stepSeconds)
  const times = readings.map(({ at }) => Date.parse(at) / 1000)
  const one = (label: string, of: (reading: Reading) => number | null): Line[] => [{ label, values: readings.map(of) }]
  const all: Omit<Measure, 'times'>[] = [
    {
      id: 'temperature',
      scale: { from: 'values', leastSpan: 20 },
      title: 'Température',
      inWords: degrees,
      lines: one('processeur', (r) => r.temperatureC),
    },
    { id: 'answer', scale: ZERO, title: 'Réponse de la caméra', inWords: milliseconds, lines: answersOf(readings) },
    { id: 'queue', scale: ZERO, title: 'En attente d’envoi', inWords: items, lines: queuesOf(readings) },
    { id: 'sent', scale: ZERO, title: 'Envoyé par heure', inWords: bytesInWords, lines: [sentPerHour(readings)] },
    {
      id: 'disk',
      scale: ZERO,
      title: 'Disque libre',
      inWords: bytesInWords,
      lines: one('libre', (r) => r.diskFreeBytes),
    },
    {
      id: 'memory',
      scale: ZERO,
      title: 'Mémoire de l’agent',
      inWords: bytesInWords,
      lines: one('agent', (r) => r.memoryBytes),
    },
    {
      id: 'clock',
      scale: { from: 'values', leastSpan: 100 },
      title: 'Écart d’horloge',
      inWords: milliseconds,
      lines: one('unité', (r) => r.clockOffsetMs),
    },
  ]
  return all
    .map((measure) => ({ ...measure, times }))
    .filter(({ lines }) => lines.some(({ values }) => values.some((value) => value !== null)))
}

/** From where to where the scale of a chart goes, given the least and the greatest value. */
export function rangeOf({ scale }: Pick<Measure, 'scale'>, least: number, greatest: number): [number, number] {
  // A tenth above the line, so that it does not run along the edge; something, where all is nought.
  if (scale.from === 'zero') return [0, greatest > 0 ? greatest * 1.1 : 1]
  const middle = (least + greatest) / 2
  const half = Math.max(greatest - least, scale.leastSpan) / 2
  return [middle - half, middle + half]
}

/** The newest value of a line; null when nothing was ever measured. */
export const newestOf = ({ values }: Line): number | null => values.findLast((value) => value !== null) ?? null

/** A step or two may be missed; a longer silence is a hole in the line, not a straight line across it. */
const HOLE_STEPS = 3

function withHoles(readings: readonly Reading[], stepSeconds: number): Reading[] {
  return readings.flatMap((reading, index) => {
    const before = readings[index - 1]
    const isHole = before !== undefined && secondsBetween(before, reading) > HOLE_STEPS * stepSeconds
    return isHole ? [nothingAt(Date.parse(before.at) + stepSeconds * 1000), reading] : [reading]
  })
}

function nothingAt(at: number): Reading {
  const none = { items: null, bytes: null }
  return {
    at: new Date(at).toISOString(),
    temperatureC: null,
    diskFreeBytes: null,
    diskTotalBytes: null,
    memoryBytes: null,
    memoryFreeBytes: null,
    clockOffsetMs: null,
    answerMs: {},
    queue: { ticket: none, alarm: none, state: none, telemetry: none, frame: none },
    sentBytes: { ticket: null, alarm: null, state: null, telemetry: null, frame: null },
    wire: { sentBytes: null, receivedBytes: null },
  }
}

function answersOf(readings: readonly Reading[]): Line[] {
  const cameras = [...new Set(readings.flatMap(({ answerMs }) => Object.keys(answerMs)))].toSorted()
  return cameras.map((camera) => ({ label: camera, values: readings.map(({ answerMs }) => answerMs[camera] ?? null) }))
}

function queuesOf(readings: readonly Reading[]): Line[] {
  const lines = CLASSES.map((name) => ({
    label: CLASS_WORDS[name],
    values: readings.map(({ queue }) => queue[name].items),
  }))
  const waiting = lines.filter(({ values }) => values.some((value) => (value ?? 0) > 0))
  return waiting.length > 0 ? waiting : lines.filter(({ label }) => label === CLASS_WORDS.frame)
}

/** The unit counts since its start; a smaller count than before means that it started again. */
function sentPerHour(readings: readonly Reading[]): Line {
  const totals = readings.map(({ sentBytes }) => {
    const known = CLASSES.map((name) => sentBytes[name]).filter((bytes) => bytes !== null)
    return known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0)
  })
  const values = readings.map((reading, index) => {
    const before = readings[index - 1]
    const [from = null, to = null] = [totals[index - 1], totals[index]]
    if (before === undefined || from === null || to === null || to < from) return null
    return ((to - from) * 3600) / secondsBetween(before, reading)
  })
  return { label: 'envoyé', values }
}

const secondsBetween = (before: Reading, after: Reading) => (Date.parse(after.at) - Date.parse(before.at)) / 1000

const degrees = (value: number) => `${numberInWords(value)}${HARD}°C`
const milliseconds = (value: number) => `${numberInWords(Math.round(value))}${HARD}ms`
const items = (value: number) => numberInWords(value)
