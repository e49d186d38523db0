import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterSending,
  afterTime,
  afterWord,
  type CommandLife,
  END_WITHIN_MS,
  isDue,
  isOver,
  WORD_WITHIN_MS,
} from './command-life.ts'

const NOON = Date.parse('2026-11-25T12:00:00.000Z')
const asked: CommandLife = {
  ...{ step: 'queued', expiresAt: NOON + 120_000, approvedAt: NOON, sentAt: null, sends: 0 },
  ...{ deliveredAt: null, acceptedAt: null, endedAt: null, endReason: null, result: null },
}
const sent = afterSending(asked, NOON + 1)

describe('a command', () => {
  test('is queued, delivered, accepted and done, each at its time', () => {
    const done = afterWord(afterWord(sent, { step: 'accepted' }, NOON + 2), { step: 'done' }, NOON + 3)
    expect(done).toMatchObject({ step: 'done', deliveredAt: NOON + 1, acceptedAt: NOON + 2, endedAt: NOON + 3 })
  })

  test('that nobody could be given in time is expired, and one that nobody answered says so', () => {
    const late = asked.expiresAt + WORD_WITHIN_MS
    expect(afterTime(asked, late - 1)).toBe(asked)
    expect(afterTime(asked, late)).toMatchObject({ step: 'expired', endReason: 'not-delivered' })
    expect(afterTime(sent, late)).toMatchObject({ step: 'expired', endReason: 'no-word' })
  })

  test('that was accepted in time is not called expired while it may still be at it', () => {
    const accepted = afterWord(sent, { step: 'accepted' }, NOON + 2)
    expect(afterTime(accepted, asked.expiresAt + END_WITHIN_MS - 1)).toBe(accepted)
    expect(afterTime(accepted, asked.expiresAt + END_WITHIN_MS)).toMatchObject({
      step: 'expired',
      endReason: 'no-word',
    })
  })

  test('was done after all when the word comes after the cloud has given up', () => {
    const expired = afterTime(sent, asked.expiresAt + WORD_WITHIN_MS)
    expect(afterWord(expired, { step: 'done' }, expired.expiresAt + 90_000)).toMatchObject({
      step: 'done',
      endReason: null,
    })
  })

  test('that a unit cannot judge by its clock yet is not over: it is sent again, and whoever looks sees why', () => {
    const held = afterWord(sent, { step: 'refused', reason: 'clock-unknown' }, NOON + 2)
    expect(held).toMatchObject({ step: 'delivered', endReason: 'clock-unknown', endedAt: null })
    expect(isDue(held, { now: NOON + 10_000, presentSince: NOON })).toBe(true)
  })

  test('waits for its second person, and is not sent before', () => {
    const waiting = { ...asked, approvedAt: null }
    expect(isDue(waiting, { now: NOON + 1, presentSince: NOON })).toBe(false)
    expect(isDue({ ...waiting, approvedAt: NOON + 1 }, { now: NOON + 1, presentSince: NOON })).toBe(true)
  })

  test('is sent again less and less often, at once to a unit that came back, and never when its time is over', () => {
    const at = (now: number, presentSince = NOON) => isDue(sent, { now, presentSince })
    expect([at(NOON + 2), at(NOON + 5_000), at(NOON + 5_001)]).toEqual([false, false, true])
    expect(at(NOON + 2_000, NOON + 1_500)).toBe(true)
    expect(at(asked.expiresAt, asked.expiresAt)).toBe(false)
  })
})

const word = fc.oneof(
  fc.record({ step: fc.constantFrom('accepted' as const, 'done' as const, 'expired' as const) }),
  fc.record({ step: fc.constant('refused' as const), reason: fc.constantFrom('clock-unknown', 'camera-unreachable') }),
)
const event = fc.oneof(
  fc.record({ kind: fc.constant('word' as const), word }),
  fc.record({ kind: fc.constant('send' as const) }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(2 * END_WITHIN_MS) }),
)

test('whatever comes in whatever order: the unit has the last word, and time undoes nothing', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let life = asked
      let now = NOON
      for (const one of events) {
        const before = life
        if (one.kind === 'time') now += one.ms
        if (one.kind === 'word') life = afterWord(life, one.word, now)
        if (one.kind === 'time') life = afterTime(life, now)
        if (one.kind === 'send' && isDue(life, { now, presentSince: NOON })) {
          expect(life.step === 'accepted' || now < life.expiresAt).toBe(true)
          life = afterSending(life, now)
        }
        if (isOver(before)) expect(life).toEqual(before)
        if (before.step === 'accepted') expect(['queued', 'delivered']).not.toContain(life.step)
        expect(life.endedAt === null).toBe(['queued', 'delivered', 'accepted'].includes(life.step))
      }
    }),
  )
})
