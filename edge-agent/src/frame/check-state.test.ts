import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterVerdicts, CALM, type CheckState, doubtsOf, isSettled, suspectedOf, withheldFor } from './check-state.ts'
import { type CheckCode, DOUBTS, type Verdict, type Verdicts, WITHHOLDING } from './picture-verdicts.ts'

const quiet: Verdicts = {
  'picture-black': false,
  'picture-overexposed': false,
  'picture-blurred': false,
  'view-moved': false,
  'picture-not-road': false,
}
const after = (code: CheckCode, verdicts: readonly Verdict[], from: CheckState = CALM) =>
  verdicts.reduce((state, verdict) => afterVerdicts(state, { ...quiet, [code]: verdict }), from)

describe('a check', () => {
  test.each(DOUBTS)('%s doubts the third odd picture in a row, not the first', (code) => {
    expect(doubtsOf(after(code, [true, true]))).toEqual([])
    expect(doubtsOf(after(code, [true, true, false, true, true]))).toEqual([])
    expect(doubtsOf(after(code, [true, true, true]))).toEqual([code])
  })

  test.each(DOUBTS)('%s is back to normal with the third good picture in a row', (code) => {
    const doubted = after(code, [true, true, true])
    expect(doubtsOf(after(code, [false, false, true, false, false], doubted))).toEqual([code])
    expect(doubtsOf(after(code, [false, false, false], doubted))).toEqual([])
  })

  test.each(WITHHOLDING)('%s holds back the first odd picture, and tells somebody at the third', (code) => {
    const first = after(code, [true])
    expect([suspectedOf(first), withheldFor(first)]).toEqual([code, null])
    expect([suspectedOf(after(code, [false], first)), withheldFor(first)]).toEqual([null, null])
    const third = after(code, [true, true, true])
    expect([suspectedOf(third), withheldFor(third)]).toEqual([null, code])
    expect(withheldFor(after(code, [false, false], third))).toBe(code)
    expect(withheldFor(after(code, [false, false, false], third))).toBeNull()
  })

  test('keeps what it knows while nothing can be judged', () => {
    const doubted = after('picture-blurred', [true, true, true, null, null, null, null])
    expect(doubtsOf(doubted)).toEqual(['picture-blurred'])
    const suspected = after('view-moved', [true, null, null])
    expect(suspectedOf(suspected)).toBe('view-moved')
  })
})

test('whatever comes, no picture is published that may be of another view, and nothing is told of two odd ones', () => {
  const verdict = fc.constantFrom<Verdict>(true, false, null)
  const picture = fc.record<Verdicts>({
    'picture-black': verdict,
    'picture-overexposed': verdict,
    'picture-blurred': verdict,
    'view-moved': verdict,
    'picture-not-road': verdict,
  })
  fc.assert(
    fc.property(fc.array(picture, { maxLength: 40 }), (pictures) => {
      let state = CALM
      for (const [index, verdicts] of pictures.entries()) {
        const before = state
        state = afterVerdicts(state, verdicts)
        const isPublished = withheldFor(state) === null && suspectedOf(state) === null
        if (isPublished) for (const code of WITHHOLDING) expect(verdicts[code], `picture ${index}`).not.toBe(true)
        if (withheldFor(before) === null && withheldFor(state) !== null) expect(index).toBeGreaterThanOrEqual(2)
        if (isSettled(state)) expect(suspectedOf(state)).toBeNull()
      }
    }),
  )
})
