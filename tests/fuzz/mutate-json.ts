import { between, pick } from './fuzz.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Texts in place of a value, as no JSON library would write them: they go into the text as they stand. */
const HOSTILE_TEXTS: readonly string[] = [
  '1e999',
  '-1e999',
  '1e-999',
  '-0',
  '9007199254740993',
  '1'.repeat(400),
  '0.1e-7',
  'true',
  'null',
  '{}',
  '[]',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\u202e"',
  '"../../../etc/passwd"',
  '"2026-02-31T23:59:59.999Z"',
  '"0000-01-01T00:00:00.000Z"',
  '"9999-12-31T23:59:59.999Z"',
  '"7ZZZZZZZZZZZZZZZZZZZZZZZZZ"',
  `"${'a'.repeat(5_000)}"`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`,
  '{"__proto__":{"isPolluted":true}}',
  '{"constructor":{"prototype":{"isPolluted":true}}}',
  '{"toString":null,"hasOwnProperty":null,"length":1e9}',
  'NaN',
  'undefined',
]
/** Added beside what is there. */
const HOSTILE_FIELDS: readonly string[] = [
  '"__proto__":{"isPolluted":true}',
  '"constructor":{"prototype":{"isPolluted":true}}',
  '"toJSON":null',
  '"v":1,"v":2',
  '"":null',
  '"\\u0000":0',
  `"${'k'.repeat(2_000)}":1`,
]

/** A JSON text with one to three of its values replaced, left out, or given a hostile neighbour. */
export function mutateJson(text: string, random: () => number): string {
  const places = countValues(JSON.parse(text))
  const chosen = new Set(Array.from({ length: between(random, 1, 3) }, () => between(random, 0, places - 1)))
  let place = -1
  const write = (value: Json): string | undefined => {
    place += 1
    if (!chosen.has(place)) return whole(value, [])
    const way = random()
    if (way < 0.15 && place > 0) return undefined
    if (way < 0.4 && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return whole(value, [pick(random, HOSTILE_FIELDS)])
    }
    return pick(random, HOSTILE_TEXTS)
  }
  const whole = (value: Json, more: string[]): string => {
    if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    const fields = Object.entries(value).flatMap(([key, item]) => {
      const written = write(item)
      return written === undefined ? [] : [`${JSON.stringify(key)}:${written}`]
    })
    return `{${[...fields, ...more].join(',')}}`
  }
  return write(JSON.parse(text)) ?? ''
}

function countValues(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, item) => sum + countValues(item), 1)
}
