import type { Problem } from '@vigie/config-schema/problems'
import Type from 'typebox'
import { ParametersWrong } from './parameters.ts'

const Moment = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:\\d{2})$',
      description: `${description} ISO 8601 with Z or an offset (whose + is written %2B).`,
    }),
  )

/** The two ends of a period in an address. */
export const PeriodQuery = {
  from: Moment('Start, included. Default: a day ago.'),
  to: Moment('End, excluded. Default: now.'),
}

/**
 * Reads a period: without an end it ends now, without a start it begins `defaultMs` before now. What lies more than
 * `reachMs` back is cut off.
 * @throws ParametersWrong with every end that is wrong
 */
export function readPeriod(
  query: { from?: string; to?: string },
  { now, defaultMs, reachMs }: { now: number; defaultMs: number; reachMs: number },
): { from: number; to: number } {
  const from = query.from === undefined ? now - defaultMs : Date.parse(query.from)
  const to = query.to === undefined ? now : Date.parse(query.to)
  const problems: Problem[] = []
  if (Number.isNaN(from)) problems.push({ place: 'from', message: 'is not a moment that exists' })
  if (Number.isNaN(to)) problems.push({ place: 'to', message: 'is not a moment that exists' })
  if (from > to) problems.push({ place: 'from', message: 'is after `to`' })
  if (problems.length > 0) throw new ParametersWrong(problems)
  return { from: Math.max(from, now - reachMs), to }
}
