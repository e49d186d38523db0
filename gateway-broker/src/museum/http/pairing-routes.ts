import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DEVICE_PASS_MAX_CHARACTERS, type DevicePass } from '@vigie/contract/gate/device-pass'
import Type from 'typebox'
import { createTokenBucket } from '../../connection/token-bucket.ts'
import { answer, nothing, problems } from './answers.ts'
import { PASS_COOKIE } from './guard.ts'
import type { PassVerdict } from './pass.ts'
import { Refusal } from './problem.ts'

type Deps = { readPass: (text: string) => Promise<PassVerdict>; monotonicMs: () => number }

/** A pass is signed, so trying many of them opens nothing; each costs a check of a signature. Beyond: 429. */
const ATTEMPTS = { burst: 30, perS: 1 }

const WORDS = {
  refused: 'This is no pass that the gateway believes.',
  over: 'The pass has ended: have a new one made at the desk.',
  elsewhere: 'The pass is for another museum.',
  'no-keys': 'The gateway has not heard from the cloud yet, and knows no keys of passes.',
} as const

export const pairingRoutes =
  ({ readPass, monotonicMs }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const attempts = createTokenBucket(ATTEMPTS, monotonicMs)
    const cookie = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const

    app.route({
      method: 'POST',
      url: '/pairing',
      config: { access: 'public' },
      schema: {
        operationId: 'pairDevice',
        summary: 'Pairs this device by a pass',
        description: 'The pass comes from the cloud. It is kept in a cookie that no script can read, until it ends.',
        tags: ['device'],
        body: Type.Object({ pass: Type.String({ minLength: 1, maxLength: DEVICE_PASS_MAX_CHARACTERS }) }),
        response: { ...answer(200, 'Paired.', 'Me'), ...problems('pass-refused', 'out-of-scope', 'too-many-requests') },
      },
      handler: async (request, reply) => {
        if (attempts.waitMs() > 0) throw new Refusal('too-many-requests', 'Wait a few seconds.')
        attempts.take(1)
        const verdict = await readPass(request.body.pass)
        if (!verdict.ok) {
          const name = verdict.why === 'elsewhere' ? 'out-of-scope' : 'pass-refused'
          throw new Refusal(name, WORDS[verdict.why], { why: verdict.why })
        }
        const expires = new Date(Date.parse(verdict.pass.until))
        return reply.setCookie(PASS_COOKIE, request.body.pass, { ...cookie, expires }).send(toldPass(verdict.pass))
      },
    })

    app.route({
      method: 'DELETE',
      url: '/pairing',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'unpairDevice',
        summary: 'Forgets the pass of this device',
        tags: ['device'],
        response: { ...nothing('Forgotten.'), ...problems() },
      },
      handler: (_request, reply) => reply.clearCookie(PASS_COOKIE, cookie).code(204).send(),
    })

    app.route({
      method: 'GET',
      url: '/me',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'readMe',
        summary: 'Whose device this is',
        tags: ['device'],
        response: { ...answer(200, 'The pass.', 'Me'), ...problems() },
      },
      handler: ({ pass }, reply) => reply.send(toldPass(pass)),
    })
  }

const toldPass = ({ staff, role, site, until }: DevicePass) => ({ staff, role, site, until })
