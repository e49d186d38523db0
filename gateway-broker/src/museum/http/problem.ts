import type { FastifyReply } from 'fastify'
import Type from 'typebox'

/** Every answer that is not the thing asked for. The name ends the problem's `type`, urn:vigie:problem:<name>. */
export const PROBLEMS = {
  'parameters-wrong': { status: 400, title: 'A parameter is wrong' },
  'request-wrong': { status: 400, title: 'The request cannot be read' },
  'pass-needed': { status: 401, title: 'This device is not paired' },
  'pass-refused': { status: 401, title: 'This pass opens nothing' },
  'not-allowed': { status: 403, title: 'The role of this pass does not allow this' },
  'out-of-scope': { status: 403, title: 'This pass is not for that museum' },
  'origin-foreign': { status: 403, title: 'A page of another origin may not do this' },
  'address-unknown': { status: 404, title: 'Nothing has this address' },
  'lane-unknown': { status: 404, title: 'No lane has this id' },
  'decision-unknown': { status: 404, title: 'No decision has this id' },
  'ticket-unknown': { status: 404, title: 'Nothing is known of this ticket' },
  'conflict-unknown': { status: 404, title: 'No conflict has this id' },
  'not-yours': { status: 403, title: 'Only who decided may undo it' },
  'too-late': { status: 409, title: 'The time for it has passed' },
  'nothing-to-undo': { status: 409, title: 'There is nothing to undo' },
  'lane-refused': { status: 409, title: 'The lane refused' },
  'no-catalogue': { status: 503, title: 'The gateway has no catalogue yet' },
  'quota-used-up': { status: 429, title: 'No override is left for today' },
  'too-many-requests': { status: 429, title: 'Too much was asked' },
  'too-many-listeners': { status: 503, title: 'Too many devices listen' },
  'lane-silent': { status: 504, title: 'The lane does not answer' },
  'fault-inside': { status: 500, title: 'The gateway has a fault' },
  'ledger-failing': { status: 503, title: 'The ledger cannot be written' },
} as const
export type ProblemName = keyof typeof PROBLEMS

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:vigie:problem:<name>; stable, for programs.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong with this request, and what would help.' }),
  },
  { $id: 'Problem', description: 'Problem details, RFC 9457.', additionalProperties: true },
)

/** Thrown by a route: the answer is this problem. */
export class Refusal extends Error {
  readonly problem: ProblemName
  readonly members: Record<string, unknown>

  constructor(problem: ProblemName, detail: string, members: Record<string, unknown> = {}) {
    super(detail)
    this.name = 'Refusal'
    this.problem = problem
    this.members = members
  }
}

export function sendProblem(
  reply: FastifyReply,
  name: ProblemName,
  detail: string,
  members: Record<string, unknown> = {},
): FastifyReply {
  const { status, title } = PROBLEMS[name]
  return reply
    .code(status)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ type: `urn:vigie:problem:${name}`, title, status, detail, ...members }))
}
