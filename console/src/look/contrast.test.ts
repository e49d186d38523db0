import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]),
)

function colourOf(name: string): [red: number, green: number, blue: number] {
  const value = tokens.get(name)
  if (value === undefined) throw new Error(`tokens.css has no colour --${name}`)
  return [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16) / 255) as [number, number, number] // three of three
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)

/** Relative luminance, WCAG 2.2. */
function luminance(name: string): number {
  const [red, green, blue] = colourOf(name).map(linear) as [number, number, number] // three of three
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number] // two of two
  return (light + 0.05) / (dark + 0.05)
}

const TEXT: [ink: string, ground: string][] = [
  ['ink', 'paper'],
  ['ink', 'paper-sunk'],
  ['ink-quiet', 'paper'],
  ['ink-quiet', 'paper-sunk'],
  ['brand', 'paper'],
  ['on-brand', 'brand'],
  ['road-ink', 'road'],
  ['night-ink', 'night'],
  ['night-ink', 'night-raised'],
  ['night-ink-quiet', 'night'],
  ['night-ink-quiet', 'night-raised'],
  ['night-ink-quiet', 'need-now-ground'],
  ['night-ink', 'need-now-ground'],
  ['need-now', 'night'],
  ['need-now', 'night-raised'],
  ['need-soon', 'night'],
  ['night', 'need-now'],
  ['night-brand', 'night'],
  ...[1, 2, 3, 4].map((level): [string, string] => [`condition-${level}-ink`, `condition-${level}`]),
  ...['go', 'attention', 'wait', 'stop'].map((look): [string, string] => [`gate-${look}-ink`, `gate-${look}`]),
]

/** Lines, marks and rings: 3 to 1 is asked for what is not text. */
const MARKS: [mark: string, ground: string][] = [
  ['focus', 'paper'],
  ['night-focus', 'night'],
  ['accent', 'paper'],
  ['brand', 'paper-sunk'],
  ['condition-unknown', 'paper'],
  ...[1, 2, 3, 4, 5].map((line): [string, string] => [`chart-${line}`, 'night-raised']),
]

describe('colours', () => {
  test.each(TEXT)('%s can be read on %s', (ink, ground) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(MARKS)('%s can be told from %s', (mark, ground) => {
    expect(contrast(mark, ground)).toBeGreaterThanOrEqual(3)
  })

  test('stand in tokens.css alone', () => {
    for (const file of ['page', 'selection', 'view', 'places', 'map', 'site']) {
      expect(readFileSync(new URL(`../inforoute/${file}.css`, import.meta.url), 'utf8'), file).not.toMatch(
        /#[0-9a-f]{3,8}\b/i,
      )
    }
    for (const file of ['veille', 'wall/header', 'wall/wall', 'wall/tile', 'panel/panel']) {
      expect(readFileSync(new URL(`../veille/${file}.css`, import.meta.url), 'utf8'), file).not.toMatch(
        /#[0-9a-f]{3,8}\b/i,
      )
    }
  })
})

/**
 * How a colour looks to someone without one kind of cone: Viénot, Brettel and Mollon (1999) for the first two, a common
 * approximation for the third; on linear light.
 */
const BLIND = {
  protan: [0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1],
  deutan: [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1],
  tritan: [1, 0.1446, -0.1446, 0, 0.8592, 0.1408, 0, 0.8592, 0.1408],
} as const

type Matrix = (typeof BLIND)[keyof typeof BLIND]

/** What is left of a colour. */
const seenBy = (matrix: Matrix, name: string) => {
  const light = colourOf(name).map(linear)
  return [0, 3, 6].map((row) => light.reduce((sum, part, at) => sum + part * (matrix[row + at] ?? 0), 0))
}

function distance(one: number[], other: number[]): number {
  return Math.hypot(...one.map((part, at) => Math.cbrt(Math.max(0, part)) - Math.cbrt(Math.max(0, other[at] ?? 0))))
}

describe('the four driving conditions', () => {
  test.each(Object.entries(BLIND))('differ for %s eyes: each neighbour in lightness or in hue', (_, matrix) => {
    const seen = [1, 2, 3, 4].map((level) => seenBy(matrix, `condition-${level}`))
    for (const [index, one] of seen.entries()) {
      const next = seen[index + 1]
      if (next === undefined) continue
      expect(distance(one, next), `C${index + 1} and C${index + 2}`).toBeGreaterThan(0.1)
    }
  })
})

describe('the four answers of a gate', () => {
  test.each(Object.entries(BLIND))('G23: all differ from one another for %s eyes', (_, matrix) => {
    const looks = ['go', 'attention', 'wait', 'stop']
    const seen = looks.map((look) => seenBy(matrix, `gate-${look}`))
    for (const [index, one] of seen.entries())
      for (const [other, next] of seen.entries())
        if (other > index) expect(distance(one, next), `${looks[index]} and ${looks[other]}`).toBeGreaterThan(0.1)
  })
})
