import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { isNotModified, type Version } from './conditional.ts'
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemName } from './problem.ts'

/** The answers of a route as OpenAPI shows them, by status. */
type Answers = Record<number, unknown>

export const answer = (status: number, description: string, mediaType: string, schema: TSchema): Answers => ({
  [status]: { description, content: { [mediaType]: { schema } } },
})

/** An answer whose body is bytes, not JSON. */
export const answerBytes = (status: number, description: string, mediaType: string): Answers =>
  answer(status, description, mediaType, Type.Unsafe<unknown>({ type: 'string', format: 'binary' }))

export const notModified: Answers = {
  304: { type: 'null', description: 'The copy that the client has is the current one.' },
}

/** The problems that a route may answer with; those of one status stand together. */
export function problems(...names: ProblemName[]): Answers {
  const answers: Record<number, { description: string; content: unknown }> = {}
  for (const name of names) {
    const { status, title } = PROBLEMS[name]
    const before = answers[status]?.description
    answers[status] = {
      description: before === undefined ? `${title} (${name}).` : `${before} ${title} (${name}).`,
      content: { [PROBLEM_MEDIA_TYPE]: { schema: Type.Ref('Problem') } },
    }
  }
  return answers
}

/** Answers 304 without a body when the client's copy is the current one; else with the body. */
export function sendVersion(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, modifiedAt }: Version,
  body: Buffer | string,
): FastifyReply {
  reply.header('etag', etag)
  const version = modifiedAt === undefined ? { etag } : { etag, modifiedAt }
  return isNotModified(request.headers, version) ? reply.code(304).send() : reply.send(body)
}

/** For what answers with its status alone. */
export const sendNothing = (reply: FastifyReply): FastifyReply => reply.code(204).send()

export const nothing = (description: string): Answers => ({ 204: { type: 'null', description } })
