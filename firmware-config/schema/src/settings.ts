import { readFileSync } from 'node:fs'
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { type Problem, ProblemsError, problemsOf } from './problems.ts'

/**
 * The settings of a process: a flat, closed object schema whose keys are in camelCase. Each can stand in a JSON file and,
 * stronger, in the environment, in SCREAMING_SNAKE_CASE: `mqttUrl` is MQTT_URL. Only the environment's variables that
 * the schema names are read.
 */
export type SettingsSource = {
  /** Path of the JSON file; none: environment and defaults only. */
  file?: string | undefined
  env: Readonly<Record<string, string | undefined>>
}

/**
 * Reads, checks and freezes. Throws one ProblemsError with every problem by key, never by value: a missing setting, a
 * wrong one, an unknown key in the file. A wrong value never becomes the default.
 */
export function readSettings<Schema extends TObject>(
  schema: Schema,
  { file, env }: SettingsSource,
): Readonly<Static<Schema>> {
  const problems: Problem[] = []
  const fromFile = file === undefined ? {} : readObject(file, problems)
  const merged: Record<string, unknown> = { ...fromFile }
  for (const [key, property] of Object.entries(schema.properties)) {
    const text = env[environmentName(key)]
    if (text !== undefined && text !== '') merged[key] = fromText(property, text)
    if (merged[key] === undefined && 'default' in property) merged[key] = property.default
  }
  problems.push(
    ...problemsOf(Type.Object(schema.properties, { additionalProperties: false }))(merged).map((problem) =>
      inBothSpellings(problem),
    ),
  )
  if (problems.length > 0) throw new ProblemsError('The configuration has problems', problems)
  return Object.freeze(merged) as Readonly<Static<Schema>> // checked above
}

/** One line for each setting: its names, its meaning, its default. For `--help` and the READMEs. */
export function describeSettings(schema: TObject): string[] {
  const required = new Set<string>(schema.required ?? [])
  return Object.entries(schema.properties).map(([key, property]) => {
    const { description = '', default: fallback } = property as { description?: string; default?: unknown }
    const ending = fallback !== undefined ? ` (default: ${String(fallback)})` : required.has(key) ? ' (required)' : ''
    return `${environmentName(key)}  ${key}: ${description}${ending}`
  })
}

export function environmentName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

function readObject(file: string, problems: Problem[]): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown> // just tested
    problems.push({ place: file, message: 'is not a JSON object' })
  } catch (cause) {
    problems.push({ place: file, message: cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read' })
  }
  return {}
}

/** An environment holds only text: "8080" becomes a number where the schema wants one, "{...}" an object; else it stays. */
function fromText(property: TSchema, text: string): unknown {
  if (Value.Check(property, text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function inBothSpellings({ place, message }: Problem): Problem {
  const [key = ''] = place.split('.')
  return { place: `${place} (${environmentName(key)})`, message }
}
