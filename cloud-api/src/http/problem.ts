import type { FastifyReply } from 'fastify'
import Type from 'typebox'

/**
 * Every answer that is not the thing asked for: its status, its title, and how long a cache may keep it. The name ends
 * the problem's `type`, urn:vigie:problem:<name>, and is what a program should look at. English: it is read by re-users.
 */
export const PROBLEMS = {
  'parameters-wrong': { status: 400, title: 'A parameter is wrong', cache: 'no-store' },
  'request-wrong': { status: 400, title: 'The request cannot be read', cache: 'no-store' },
  'sign-in-needed': { status: 401, title: 'Nobody is signed in', cache: 'no-store' },
  'sign-in-refused': { status: 401, title: 'Name or password is wrong', cache: 'no-store' },
  'second-factor-refused': { status: 401, title: 'This code does not fit', cache: 'no-store' },
  'confirmation-refused': { status: 403, title: 'This does not prove who you are', cache: 'no-store' },
  'confirmation-needed': { status: 403, title: 'This asks to be confirmed', cache: 'no-store' },
  'not-allowed': { status: 403, title: 'Your roles do not allow this', cache: 'no-store' },
  'origin-foreign': { status: 403, title: 'A page of another origin may not do this', cache: 'no-store' },
  'out-of-scope': { status: 403, title: 'Your roles do not allow this at this site', cache: 'no-store' },
  'second-factor-needed': { status: 403, title: 'Your role needs a second factor', cache: 'no-store' },
  'passkey-refused': { status: 400, title: 'This is not the passkey that was asked for', cache: 'no-store' },
  'address-unknown': { status: 404, title: 'Nothing has this address', cache: 'public, max-age=60' },
  'webcam-unknown': { status: 404, title: 'No webcam has this id', cache: 'public, max-age=60' },
  'preset-unknown': { status: 404, title: 'This webcam has no such preset', cache: 'public, max-age=60' },
  'site-unknown': { status: 404, title: 'No site has this id', cache: 'no-store' },
  'museum-unknown': { status: 404, title: 'No museum that sells tickets has this id', cache: 'no-store' },
  'order-unknown': { status: 404, title: 'No order has this name', cache: 'no-store' },
  'ticket-unknown': { status: 404, title: 'No ticket has this id', cache: 'no-store' },
  'seller-unknown': { status: 404, title: 'Nobody of this name sells for this museum', cache: 'no-store' },
  'slot-full': { status: 409, title: 'This slot has no room for so many', cache: 'no-store' },
  'alarm-unknown': { status: 404, title: 'No row of this number raises an alarm', cache: 'no-store' },
  'claim-unknown': { status: 404, title: 'No claim has this id', cache: 'no-store' },
  'unit-unknown': { status: 404, title: 'No unit of this name has enrolled', cache: 'no-store' },
  'claim-refused': { status: 409, title: 'This claim cannot be bound', cache: 'no-store' },
  'version-unknown': { status: 404, title: 'No version of this site has this number', cache: 'no-store' },
  'configuration-outdated': { status: 409, title: 'Somebody else has changed it meanwhile', cache: 'no-store' },
  'not-published': { status: 409, title: 'Nothing was published yet', cache: 'no-store' },
  'site-taken': { status: 409, title: 'This site, or its unit, is taken', cache: 'no-store' },
  'commissioning-unknown': { status: 404, title: 'No commissioning has this id', cache: 'no-store' },
  'report-unknown': { status: 404, title: 'There is no such report', cache: 'no-store' },
  'commissioning-open': { status: 409, title: 'Another commissioning of this site is open', cache: 'no-store' },
  'commissioning-closed': { status: 409, title: 'This commissioning is finished', cache: 'no-store' },
  'command-unknown': { status: 404, title: 'Nothing was asked by this id', cache: 'no-store' },
  'same-person': { status: 409, title: 'A second person has to do it', cache: 'no-store' },
  'unit-key-unknown': { status: 409, title: 'No key of this unit is known', cache: 'no-store' },
  'too-many-commands': { status: 429, title: 'Too much was asked', cache: 'no-store' },
  'picture-unknown': { status: 404, title: 'No picture has this id', cache: 'public, max-age=5' },
  'checks-run': { status: 409, title: 'Acceptance checks are running', cache: 'no-store' },
  'check-is-measured': { status: 409, title: 'This check is measured, not said', cache: 'no-store' },
  'link-void': { status: 404, title: 'This link opens nothing', cache: 'no-store' },
  'person-unknown': { status: 404, title: 'No person has this id', cache: 'no-store' },
  'invitation-unknown': { status: 404, title: 'No open invitation has this id', cache: 'no-store' },
  'passkey-unknown': { status: 404, title: 'No passkey has this id', cache: 'no-store' },
  'session-unknown': { status: 404, title: 'No session has this id', cache: 'no-store' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method', cache: 'no-store' },
  'last-administrator': { status: 409, title: 'Somebody must stay administrator', cache: 'no-store' },
  'email-taken': { status: 409, title: 'Somebody has this mail address', cache: 'no-store' },
  'vault-missing': { status: 409, title: 'The cloud has no vault for secrets', cache: 'no-store' },
  'name-taken': { status: 409, title: 'Somebody has this name', cache: 'no-store' },
  'picture-gone': { status: 410, title: 'This picture is no longer public', cache: 'public, max-age=86400' },
  'password-weak': { status: 422, title: 'This password is too easy to guess', cache: 'no-store' },
  'sign-in-paused': { status: 429, title: 'Too many attempts', cache: 'no-store' },
  'fault-inside': { status: 500, title: 'The server has a fault', cache: 'no-store' },
  'seller-unreachable': { status: 503, title: 'The other seller does not answer', cache: 'no-store' },
  'tickets-not-ready': { status: 503, title: 'Tickets cannot be signed now', cache: 'no-store' },
  'no-live-picture': { status: 503, title: 'There is no recent picture', cache: 'public, max-age=5' },
  'picture-missing': { status: 503, title: 'The picture cannot be read now', cache: 'no-store' },
  'too-many-listeners': { status: 503, title: 'Too many clients listen to events', cache: 'no-store' },
  'not-ready': { status: 503, title: 'The server cannot answer now', cache: 'no-store' },
} as const
export type ProblemName = keyof typeof PROBLEMS

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** RFC 9457. Some problems have members of their own, described beside their route. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:vigie:problem:<name>; stable, for programs.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong with this request, and what would help.' }),
    instance: Type.Optional(Type.String({ description: 'The address that was asked for.' })),
  },
  {
    $id: 'Problem',
    description: 'Problem details, RFC 9457. Some have members of their own, described with their route.',
    additionalProperties: true,
  },
)

export type ProblemOptions = {
  detail: string
  /** Members beyond those of the RFC. */
  members?: Record<string, unknown>
  /** When it makes sense to ask again, in seconds. */
  retryAfterS?: number
}

/** Answers with a problem; nothing is sent in its place with status 200. */
export function sendProblem(reply: FastifyReply, name: ProblemName, options: ProblemOptions): FastifyReply {
  const { status, title, cache } = PROBLEMS[name]
  if (options.retryAfterS !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(options.retryAfterS)))
  return reply
    .code(status)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .header('cache-control', cache)
    .send(
      JSON.stringify({
        type: `urn:vigie:problem:${name}`,
        title,
        status,
        detail: options.detail,
        instance: reply.request.url,
        ...options.members,
      }),
    )
}

export const sendSiteUnknown = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, 'site-unknown', { detail: 'GET /api/v1/operators/wall lists all sites.' })
