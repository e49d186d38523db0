import type { Clock } from '@vigie/contract/clock'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { MessageName } from '../inforoute/message-page.tsx'
import { storeFaultOf } from '../store/store-fault.ts'
import { sendMessagePage } from './message-page.ts'
import { ParametersWrong } from './parameters.ts'
import { PROBLEMS, type ProblemOptions, sendProblem } from './problem.ts'

/** When the world failed, it is worth asking again after this many seconds. */
const FAULT_RETRY_S = 5

/** Makes an honest answer of everything that is thrown on the way to one, and logs what is not the client's doing. */
export function answerErrors(app: FastifyInstance, { clock }: { clock: Clock }): void {
  /** Programs get a problem, people a page. */
  function say(
    request: FastifyRequest,
    reply: FastifyReply,
    name: MessageName & keyof typeof PROBLEMS,
    options: ProblemOptions,
  ) {
    if (!isForPeople(request)) return sendProblem(reply, name, options)
    if (options.retryAfterS !== undefined) reply.header('retry-after', options.retryAfterS)
    return sendMessagePage(reply, PROBLEMS[name].status, name, clock.now())
  }

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof ParametersWrong) {
      const parameters = error.problems.map(({ place, message }) => ({ name: place, message }))
      return sendProblem(reply, 'parameters-wrong', { detail: error.message, members: { parameters } })
    }
    const status = error.statusCode ?? 500
    if (status >= 400 && status < 500) return sendProblem(reply, 'request-wrong', { detail: error.message })
    const fault = storeFaultOf(error)
    if (fault !== undefined) {
      request.log.warn({ event: 'http.fault', fault: fault.code, method: request.method, url: request.url, err: error })
      return say(request, reply, 'not-ready', { detail: `Fault ${fault.code}.`, retryAfterS: FAULT_RETRY_S })
    }
    request.log.error({ event: 'http.bug', method: request.method, url: request.url, err: error })
    return say(request, reply, 'fault-inside', { detail: 'It was logged and will be looked into.' })
  })

  app.setNotFoundHandler((request, reply) =>
    say(request, reply, 'address-unknown', { detail: 'GET /api/v1/openapi.json describes all addresses.' }),
  )
}

/** Pages stand outside /api/; /health is read by programs, and built files by browsers on their own. */
const isForPeople = ({ url }: FastifyRequest) => !/^\/(?:api|assets|health)(?:[/?]|$)/.test(url)
