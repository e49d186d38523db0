import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { linkAttempts } from '../people/attempt-rules.ts'
import type { Store } from '../store/store.ts'
import { sendProblem } from './problem.ts'

/** A hook for what anybody may ask and the database must answer: whoever asks too often is told to come later. */
export const fewFromOneNetwork =
  ({ attempts }: Pick<Store, 'attempts'>, clock: Clock) =>
  async ({ ip }: FastifyRequest, reply: FastifyReply) => {
    const waitMs = await attempts.take(linkAttempts(ip), clock.now())
    if (waitMs !== null) return sendProblem(reply, 'sign-in-paused', { detail: 'Later.', retryAfterS: waitMs / 1000 })
  }
