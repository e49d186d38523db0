import type { FastifyError, FastifyInstance } from 'fastify'
import { LedgerComesBack } from '../ledger/ledger-file.ts'
import { ParametersWrong } from './parameters.ts'
import { Refusal, sendProblem } from './problem.ts'

/** Makes an honest answer of everything that is thrown on the way to one, and logs what is not the client's doing. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof Refusal) return sendProblem(reply, error.problem, error.message, error.members)
    if (error instanceof ParametersWrong) {
      const parameters = error.problems.map(({ place, message }) => ({ name: place, message }))
      return sendProblem(reply, 'parameters-wrong', error.message, { parameters })
    }
    if (error instanceof LedgerComesBack)
      return sendProblem(reply, 'ledger-failing', 'Its rows come back from the lanes: try again in some seconds.')
    const status = error.statusCode ?? 500
    if (status >= 400 && status < 500) return sendProblem(reply, 'request-wrong', error.message)
    const isDisk = typeof error.code === 'string' && error.code.startsWith('SQLITE_')
    request.log.error({
      event: isDisk ? 'ledger.failing' : 'http.bug',
      method: request.method,
      url: request.routeOptions.url,
      err: error,
    })
    if (isDisk) return sendProblem(reply, 'ledger-failing', 'Nothing was decided: the disk of the gateway fails.')
    return sendProblem(reply, 'fault-inside', 'It was logged and will be looked into.')
  })
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, 'address-unknown', 'openapi.json names all addresses.'),
  )
}
