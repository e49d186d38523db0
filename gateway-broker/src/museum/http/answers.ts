import Type from 'typebox'
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemName } from './problem.ts'

/** The answers of a route as OpenAPI shows them, by status. */
type Answers = Record<number, unknown>

/** JSON in the shape of a schema that has a name. */
export const answer = (status: number, description: string, name: string): Answers => ({
  [status]: { description, content: { 'application/json': { schema: Type.Ref(name) } } },
})

/** A list of what has a name. */
export const answerList = (description: string, name: string): Answers => ({
  200: { description, content: { 'application/json': { schema: Type.Array(Type.Ref(name)) } } },
})

export const nothing = (description: string): Answers => ({ 204: { type: 'null', description } })

/** Every route may find nobody paired, or a request that it cannot read. */
const ALWAYS: ProblemName[] = ['parameters-wrong', 'pass-needed', 'not-allowed', 'fault-inside']

export function problems(...names: ProblemName[]): Answers {
  const answers: Record<number, { description: string; content: unknown }> = {}
  for (const name of new Set([...ALWAYS, ...names])) {
    const { status, title } = PROBLEMS[name]
    const before = answers[status]?.description
    answers[status] = {
      description: `${before === undefined ? '' : `${before} `}${title} (${name}).`,
      content: { [PROBLEM_MEDIA_TYPE]: { schema: Type.Ref('Problem') } },
    }
  }
  return answers
}
