import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { UtcTime } from '@vigie/contract/envelope'
import type { DevicePass } from '@vigie/contract/gate/device-pass'
import { Direction } from '@vigie/contract/gate/outcome'
import { DecisionBody, isRowOf, Reason, UNDO_WITHIN_MS } from '@vigie/contract/gate/row'
import { TicketRef } from '@vigie/contract/gate/ticket-code'
import { SiteId } from '@vigie/contract/ids'
import Type from 'typebox'
import type { Alarms } from '../alarms.ts'
import type { Asked, Decided, Decisions } from '../decisions.ts'
import { toldDecision } from '../gate-state.ts'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { Lists } from '../lists.ts'
import { overridesLeft } from '../overrides-left.ts'
import type { RecentRows } from '../recent-rows.ts'
import { isKnown } from '../tickets-known.ts'
import { undoUntil } from '../undo-until.ts'
import { answer, answerList, problems } from './answers.ts'
import { Refusal } from './problem.ts'
import { takeUpload } from './take-upload.ts'
import type { DecisionTold } from './told.ts'

type Deps = {
  decisions: Decisions
  ledger: Pick<MuseumLedger, 'byId' | 'byNonce' | 'ofDecision' | 'between' | 'append' | 'history'>
  recent: RecentRows
  lists: Lists
  overridesPerDay: () => number
  alarms: Alarms
  now: () => number
}

/** What a phone may have gathered in a morning without the gateway. */
const UPLOAD_MAX = 200
/** The longest barcode of another seller that anybody prints; ours has 141. */
const CODE_MAX_CHARACTERS = 512

const site = Type.Unsafe<SiteId>({ ...SiteId, description: 'Whose gate this is: the museum of the pass.' })
const nonce = Type.String({
  pattern: '^[\\w-]{8,64}$',
  description: 'Made for this question: asked again, the answer is the same.',
})
const asked = {
  site,
  code: Type.String({ minLength: 1, maxLength: CODE_MAX_CHARACTERS, description: 'As it was read, whole.' }),
  direction: Direction,
  nonce,
  persons: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
  ignoreUnpaid: Type.Optional(Type.Boolean()),
}

/** A decision that a phone made by itself, as it will stand in the ledger; `by` and `onList` are the gateway's to say. */
const Uploaded = Type.Object({
  site: Type.Unsafe<SiteId>(SiteId),
  at: UtcTime,
  undoneAt: Type.Optional(
    Type.Unsafe<string>({ ...UtcTime, description: 'When whoever decided took it back on the phone, within 30 s.' }),
  ),
  body: Type.Omit(DecisionBody, ['by', 'onList']),
})

export const decisionRoutes =
  (deps: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { decisions, ledger, lists, overridesPerDay, alarms, now } = deps
    /** A request that is about another museum is refused whole, and says which one it is. */
    function refuseElsewhere(sites: readonly SiteId[], pass: DevicePass): void {
      const other = sites.find((site) => site !== pass.site)
      if (other !== undefined) throw new Refusal('out-of-scope', `Not for ${other}.`, { site: other })
    }

    function told({ decision, row, isRepeated }: Decided, by: string): DecisionTold {
      const { direction, outcome, detail, ticket, medium, type, persons, forced } = decision
      return {
        ...{ id: row.id, at: row.at, direction, outcome, detail, ticket, medium, type, persons, forced, isRepeated },
        attention: [...decision.attention],
        fix: decision.fix,
        firstEntry:
          decision.firstEntry === null ? null : { at: decision.firstEntry.at, lane: decision.firstEntry.lane },
        ...{ canBeForced: decision.canBeForced, canEnterUnpaid: decision.canEnterUnpaid },
        ...{ overridesLeft: overridesLeft(by, deps), undoUntil: undoUntil(row, by) },
      }
    }

    const noCatalogue = () =>
      new Refusal('no-catalogue', 'It comes with the first connection to the cloud; until then open by hand.')

    app.route({
      method: 'POST',
      url: '/decisions',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'decide',
        summary: 'Decides on a code that a phone has read',
        description: 'By the same rules as a lane. Where it is ok, the persons are in (or out): nothing else turns.',
        tags: ['decisions'],
        body: Type.Object(asked),
        response: {
          ...answer(200, 'The decision; a refusal too is one.', 'Decision'),
          ...problems('out-of-scope', 'no-catalogue', 'ledger-failing'),
        },
      },
      handler: ({ body: { site, ...question }, pass }, reply) => {
        refuseElsewhere([site], pass)
        const decided = decisions.decide({ ...question, by: pass.staff })
        if (decided === null) throw noCatalogue()
        return reply.send(told(decided, pass.staff))
      },
    })

    app.route({
      method: 'POST',
      url: '/overrides',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'override',
        summary: 'Lets somebody in against the word of the gate',
        description:
          'With a reason, a few times a day for each person of the staff. A wrong product or date stays refused.',
        tags: ['decisions'],
        body: Type.Object({ ...asked, reason: Reason }),
        response: {
          ...answer(200, 'The decision.', 'Decision'),
          ...problems('out-of-scope', 'no-catalogue', 'quota-used-up', 'ledger-failing'),
        },
      },
      handler: ({ body: { site, reason, ...question }, pass }, reply) => {
        refuseElsewhere([site], pass)
        return reply.send(override({ ...question, by: pass.staff, overrideReason: reason }))
      },
    })

    app.route({
      method: 'POST',
      url: '/tickets/:ticket/override',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'overrideTicket',
        summary: 'Lets somebody in on a ticket that was found, and that nobody can show',
        description:
          'By the rules and the quota of an override; it is one also where the ticket would be good. Where the gateway was ' +
          'not told what the ticket is good for, it is refused.',
        tags: ['decisions'],
        params: Type.Object({ ticket: TicketRef }),
        body: Type.Object({ site, nonce, reason: Reason }),
        response: {
          ...answer(200, 'The decision.', 'Decision'),
          ...problems('out-of-scope', 'ticket-unknown', 'no-catalogue', 'quota-used-up', 'ledger-failing'),
        },
      },
      handler: ({ params: { ticket }, body: { site, nonce, reason }, pass }, reply) => {
        refuseElsewhere([site], pass)
        if (!isKnown(ticket, deps))
          throw new Refusal('ticket-unknown', 'GET /api/v1/tickets finds those that are known.')
        return reply.send(override({ ticket, nonce, direction: 'in', by: pass.staff, overrideReason: reason }))
      },
    })

    function override(question: Asked): DecisionTold {
      const { by, nonce } = question
      const isAskedAgain = ledger.byNonce(nonce) !== null
      if (!isAskedAgain && lists.catalogue() !== null && overridesLeft(by, deps) <= 0)
        throw new Refusal('quota-used-up', 'Ask a supervisor to open the lane.')
      const decided = decisions.decide(question)
      if (decided === null) throw noCatalogue()
      return told(decided, by)
    }

    app.route({
      method: 'POST',
      url: '/decisions/:id/undo',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'undoDecision',
        summary: 'Takes back a decision of one’s own, within 30 s',
        description: 'A further row says that it did not count; nothing is deleted.',
        tags: ['decisions'],
        params: Type.Object({ id: Type.String({ maxLength: 26 }) }),
        response: {
          ...answer(200, 'The decision as it stands now.', 'DecisionRow'),
          ...problems('decision-unknown', 'not-yours', 'too-late', 'nothing-to-undo', 'ledger-failing'),
        },
      },
      handler: ({ params, pass }, reply) => reply.send(undo(params.id, pass)),
    })

    function undo(id: string, pass: DevicePass) {
      const row = ledger.byId(id)
      if (row === null || !isRowOf(row, 'decision')) throw new Refusal('decision-unknown', 'No row of that id is here.')
      if (row.body.by !== pass.staff) throw new Refusal('not-yours', 'It was decided by somebody else, or by a lane.')
      if (row.body.outcome !== 'ok') throw new Refusal('nothing-to-undo', 'It let nobody in.')
      if (!ledger.ofDecision(row.id).some(({ body }) => body.kind === 'undo')) {
        if (now() - Date.parse(row.at) > UNDO_WITHIN_MS) throw new Refusal('too-late', 'Thirty seconds have passed.')
        ledger.append([{ body: { kind: 'undo', decision: row.id, by: pass.staff } }])
      }
      return toldDecision(row, ledger)[0]
    }

    app.route({
      method: 'POST',
      url: '/decisions/upload',
      bodyLimit: 512 * 1024,
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'uploadDecisions',
        summary: 'Hands up what a phone decided out of reach',
        description:
          'Each is stored once, by its nonce, in the order given, and marked as made on the phone alone. One that was taken back there is handed up again with `undoneAt`.',
        tags: ['decisions'],
        body: Type.Object({ decisions: Type.Array(Uploaded, { minItems: 1, maxItems: UPLOAD_MAX }) }),
        response: {
          ...answerList('A verdict for each, in the same order.', 'UploadVerdict'),
          ...problems('out-of-scope', 'ledger-failing'),
        },
      },
      handler: ({ body, pass }, reply) => {
        refuseElsewhere(
          body.decisions.map(({ site }) => site),
          pass,
        )
        return reply.send(takeUpload(body.decisions, pass.staff, { ledger, overridesPerDay, alarms, now }))
      },
    })
  }
