import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** What is wrong with a document or with settings: where, and what. Never the value, which may be a secret. */
export type Problem = { place: string; message: string }

/** Thrown when a person has to mend a file or an environment: it lists every problem at once. */
export class ProblemsError extends Error {
  readonly code = 'problems'
  readonly problems: readonly Problem[]

  constructor(what: string, problems: readonly Problem[]) {
    super([`${what}:`, ...problems.map(({ place, message }) => `  ${place}: ${message}`)].join('\n'))
    this.name = 'ProblemsError'
    this.problems = problems
  }
}

/** Makes the checker of a schema: a value in, every problem out. */
export function problemsOf(schema: TSchema): (value: unknown) => Problem[] {
  const validator = Compile(schema)
  return (value) => {
    if (validator.Check(value)) return []
    const problems = validator.Errors(value).flatMap((error): Problem[] => {
      const place = placeOf(error.instancePath)
      if (error.keyword === 'additionalProperties') {
        return error.params.additionalProperties.map((name) => ({ place: join(place, name), message: 'unknown key' }))
      }
      if (error.keyword === 'required') {
        return error.params.requiredProperties.map((name) => ({ place: join(place, name), message: 'is missing' }))
      }
      // Says of a union that nothing matched; the branches' own errors stand beside it.
      if (error.keyword === 'boolean' || error.keyword === 'unevaluatedProperties') return []
      return [{ place: place || '(document)', message: error.message }]
    })
    const seen = new Set<string>()
    return problems.filter(({ place, message }) => {
      const line = `${place}: ${message}`
      return seen.has(line) ? false : seen.add(line) !== undefined
    })
  }
}

/** A JSON pointer as people write it: `cameras[0].presets[1].label`. */
const placeOf = (pointer: string) =>
  pointer
    .slice(1)
    .replaceAll(/(?:^|\/)(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')

const join = (place: string, name: string) => (place === '' ? name : `${place}.${name}`)
