import { type CheckCode, DOUBTS, type Doubt, type Verdicts, WITHHOLDING, type Withholding } from './picture-verdicts.ts'

/** One check of one view: whether it holds, and how many pictures in a row have said the opposite. */
type Check = { isOn: boolean; against: number }

/** What a view's checks have come to. */
export type CheckState = Readonly<Record<CheckCode, Check>>

/** One odd picture is no alarm, and one good one no all-clear: a truck before the lens is gone with the next but one. */
const CONFIRM = 3

const calm: Check = { isOn: false, against: 0 }
export const CALM: CheckState = {
  'picture-black': calm,
  'picture-overexposed': calm,
  'picture-blurred': calm,
  'view-moved': calm,
  'picture-not-road': calm,
}

/** The state after one more picture. A verdict of null changes nothing: what was is still so at night and in fog. */
export function afterVerdicts(state: CheckState, verdicts: Verdicts): CheckState {
  const after = (code: CheckCode): Check => {
    const before = state[code]
    const verdict = verdicts[code]
    if (verdict === null) return before
    if (verdict === before.isOn) return { isOn: before.isOn, against: 0 }
    return before.against + 1 < CONFIRM
      ? { isOn: before.isOn, against: before.against + 1 }
      : { isOn: verdict, against: 0 }
  }
  return {
    'picture-black': after('picture-black'),
    'picture-overexposed': after('picture-overexposed'),
    'picture-blurred': after('picture-blurred'),
    'view-moved': after('view-moved'),
    'picture-not-road': after('picture-not-road'),
  }
}

/** What the unit says beside a picture. */
export const doubtsOf = (state: CheckState): Doubt[] => DOUBTS.filter((code) => state[code].isOn)

/** Why pictures are withheld, if they are. */
export const withheldFor = (state: CheckState): Withholding | null =>
  WITHHOLDING.find((code) => state[code].isOn) ?? null

/** Why this one is held back though nobody is told yet: of what may not be published not even the first one is. */
export const suspectedOf = (state: CheckState): Withholding | null =>
  WITHHOLDING.find((code) => !state[code].isOn && state[code].against > 0) ?? null

/** Whether nothing is about to change, so that a picture that looks like the last one needs no closer look. */
export const isSettled = (state: CheckState): boolean =>
  withheldFor(state) === null && Object.values(state).every(({ against }) => against === 0)
