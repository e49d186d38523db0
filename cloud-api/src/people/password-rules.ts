import { nameAsKept } from './name.ts'

/**
 * What ANSSI asks of a password (Recommandations relatives à l'authentification multifacteur et aux mots de passe, 2021,
 * R21 to R25): a length that fits the risk (12 to 14 characters: medium to strong), a check against what is commonly
 * chosen, no rule about kinds of characters, and no change after so many months.
 */
export const LEAST_LENGTH = 12
/** The highest: more than 10^10 tries. At 3, month and year with two signs are still taken ("Juillet2026!!"). */
const LEAST_SCORE = 4

export type PasswordWeakness = 'too-short' | 'holds-name' | 'guessable'
export type PasswordRules = (
  password: string,
  about: { name: string; displayName: string },
) => Promise<PasswordWeakness | null>

/** Judges new passwords. The word lists (French among them) are some MB: they are loaded with the first one. */
export function createPasswordRules(): PasswordRules {
  let estimator: ReturnType<typeof loadEstimator> | undefined
  return async (password, { name, displayName }) => {
    if ([...password].length < LEAST_LENGTH) return 'too-short'
    const parts = [
      nameAsKept(name),
      ...displayName.toLowerCase().split(/[\s'-]+/),
      ...name.toLowerCase().split(/[.@_+-]/),
    ]
    const own = parts.filter((part) => part.length >= 4)
    const typed = password.toLowerCase()
    // What is left when the person's own names are taken out must be long enough by itself.
    const rest = own.reduce((text, part) => text.replaceAll(part, ''), typed)
    if (rest.length < Math.min(typed.length, LEAST_LENGTH)) return 'holds-name'
    estimator ??= loadEstimator()
    const { score } = (await estimator).check(password, [...own, 'vigie', 'inforoute', 'alpes', 'provence'])
    return score < LEAST_SCORE ? 'guessable' : null
  }
}

async function loadEstimator() {
  const [{ ZxcvbnFactory }, common, french] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-fr'),
  ])
  const dictionary = { ...common.dictionary, ...french.dictionary }
  return new ZxcvbnFactory({ dictionary, graphs: common.adjacencyGraphs })
}
