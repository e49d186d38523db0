import { CommandBody } from '@vigie/contract/command'
import { CommandResult } from '@vigie/contract/command-result'
import Type, { type Static } from 'typebox'
import type { StoredCommand } from '../store/commands.ts'

const Time = Type.String({ format: 'date-time' })
const TimeOrNull = Type.Union([Time, Type.Null()])
const TextOrNull = Type.Union([Type.String(), Type.Null()])

/** The contract's own, with names in the description of the API. */
const AskedBody = Type.Unsafe<CommandBody>({ ...CommandBody, $id: 'CommandBody' })
const ToldResult = Type.Unsafe<CommandResult>({ ...CommandResult, $id: 'CommandResult' })

/** What somebody asks of a site's unit. */
export const CommandWish = Type.Object(
  {
    // Whole, not by its name: what is referred to is not looked at when a request is checked.
    body: CommandBody,
    reason: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 400,
        description: 'Why; what lets people in or keeps them out needs one.',
      }),
    ),
    unit: Type.Optional(
      Type.String({
        description: "Which box of the site; absent: that of the lane that is named, else the site's own.",
      }),
    ),
    withinS: Type.Optional(
      Type.Integer({ minimum: 10, maximum: 86_400, description: 'The unit refuses it when it comes later.' }),
    ),
    password: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: "Of the camera that is looked at. It is sealed to the unit's key and kept nowhere in the clear.",
      }),
    ),
  },
  { $id: 'CommandWish' },
)

/** A command and how far it came, each step with its time. */
export const ToldCommand = Type.Object(
  {
    id: Type.String(),
    site: Type.String(),
    unit: Type.String(),
    body: Type.Unsafe<CommandBody>(Type.Ref('CommandBody')),
    reason: TextOrNull,
    askedBy: Type.String(),
    step: Type.Enum(['queued', 'delivered', 'accepted', 'done', 'refused', 'expired']),
    approval: Type.Enum(['not-needed', 'awaited', 'given']),
    approvedBy: TextOrNull,
    askedAt: Time,
    approvedAt: TimeOrNull,
    deliveredAt: TimeOrNull,
    acceptedAt: TimeOrNull,
    endedAt: TimeOrNull,
    expiresAt: Time,
    endReason: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it was refused or expired, or why its unit cannot take it yet: a code.',
    }),
    result: Type.Union([Type.Unsafe<CommandResult>(Type.Ref('CommandResult')), Type.Null()]),
    version: Type.Integer({ description: 'Rises with every change: ask for what comes after it.' }),
  },
  { $id: 'Command' },
)
export type ToldCommand = Static<typeof ToldCommand>

export const COMMAND_SCHEMAS = [AskedBody, ToldResult, CommandWish, ToldCommand]

const timeOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

export function toldCommand(command: StoredCommand): ToldCommand {
  const { id, site, unit, reason, askedBy, step, approvedBy, endReason, version, needsApproval, approvedAt } = command
  return {
    ...{ id, site, unit, reason, askedBy, step, approvedBy, endReason, version },
    body: withoutSecret(JSON.parse(command.body) as CommandBody), // it was checked when it was asked
    approval: needsApproval === 0 ? 'not-needed' : approvedAt === null ? 'awaited' : 'given',
    askedAt: new Date(command.askedAt).toISOString(),
    approvedAt: needsApproval === 0 ? null : timeOf(approvedAt),
    deliveredAt: timeOf(command.deliveredAt),
    acceptedAt: timeOf(command.acceptedAt),
    endedAt: timeOf(command.endedAt),
    expiresAt: new Date(command.expiresAt).toISOString(),
    result: command.result === null ? null : (JSON.parse(command.result) as CommandResult), // decoded when it came
  }
}

/** Sealed, and still nobody's business. */
export function withoutSecret(body: CommandBody): CommandBody {
  if (body.name !== 'look' || body.access === undefined) return body
  const { password: _, ...access } = body.access
  return { ...body, access }
}
