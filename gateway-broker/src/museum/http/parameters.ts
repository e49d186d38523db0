import { type Problem, problemsOf } from '@vigie/config-schema/problems'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** Names every parameter that is wrong, never its value. */
export class ParametersWrong extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ place, message }) => `${place} ${message}`).join('; '))
    this.name = 'ParametersWrong'
    this.problems = problems
  }
}

/** A query is text: "20" becomes a number where the schema wants one. A body is taken as it is. */
export const checkParameters: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const problems = problemsOf(schema)
  return (value) => {
    const read = httpPart === 'body' ? value : Value.Convert(schema, value)
    const found = problems(read)
    return found.length === 0 ? { value: read } : { error: new ParametersWrong(found) }
  }
}
