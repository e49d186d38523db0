import type { FastifyError, FastifyInstance } from 'fastify'
import { storeFaultOf } from '../store/store-fault.ts'
import { ParametersWrong } from './parameters.ts'
import { sendProblem } from './problem.ts'

/** When the world failed, it is worth asking again after this many seconds. */
const FAULT_RETRY_S = 5

/** Makes a problem of everything that is thrown on the way to an answer, and logs what is not the client's doing. */
export function answerErrors(app: FastifyInstance): void {
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
      return sendProblem(reply, 'not-ready', { detail: `Fault ${fault.code}.`, retryAfterS: FAULT_RETRY_S })
    }
    request.log.error({ event: 'http.bug', method: request.method, url: request.url, err: error })
    return sendProblem(reply, 'fault-inside', { detail: 'It was logged and will be looked into.' })
  })
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, 'address-unknown', { detail: 'GET /api/v1/openapi.json describes all addresses.' }),
  )
}
