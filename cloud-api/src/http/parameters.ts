import { type Problem, problemsOf } from '@vigie/config-schema/problems'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** Thrown by Fastify's validation: names every parameter that is wrong, never its value. */
export class ParametersWrong extends Error {
  readonly code = 'parameters-wrong'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ place, message }) => `${place} ${message}`).join('; '))
    this.name = 'ParametersWrong'
    this.problems = problems
  }
}

/** Checks a part of a request by its schema; text becomes a number where the schema wants one. Unknown keys are let be. */
export const checkParameters: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const problems = problemsOf(schema)
  return (value) => {
    const converted = Value.Convert(schema, value)
    const found = problems(converted)
    return found.length === 0 ? { value: converted } : { error: new ParametersWrong(found) }
  }
}
