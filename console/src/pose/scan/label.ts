/** What a box's label says: which box, and the claim with which it may be taken into the fleet. */
export type Label = { unit: string | null; claim: string }

/** As firmware-config/schema/src/site-document.ts has it. */
const UNIT = /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/
/** Crockford's 32 without I, L, O, U; who types them means 1, 1, 0. */
const CODE = /^[0-9A-HJKMNP-TV-Z]{26}$/
const WORDS = 12

/**
 * Reads a label as it was scanned: https://host/pose#u=unit&c=code. Whatever else a camera may see is none.
 * @param text of the code in the picture, hostile
 */
export function readLabel(text: string): Label | null {
  const at = text.indexOf('#')
  if (at < 0 || text.length > 400) return null
  const said = new URLSearchParams(text.slice(at + 1))
  const unit = said.get('u')?.trim().toLowerCase() ?? null
  const claim = readClaim(said.get('c') ?? '')
  if (claim === null || (unit !== null && !isUnit(unit))) return null
  return { unit, claim }
}

/** Reads a claim as it was typed: the code with or without its hyphens, or the twelve words. Null: it can be none. */
export function readClaim(text: string): string | null {
  const words = wordsIn(text)
  if (words.length === WORDS) return words.join(' ')
  if (words.length > 1 && words.some((word) => !/^[0-9A-Za-z-]+$/.test(word))) return null
  const code = codeIn(text)
  return CODE.test(code) ? code.replaceAll(/.{5}(?=.)/g, '$&-') : null
}

/** What is missing while somebody types, in words; null: it is whole. */
export function missingIn(text: string): string | null {
  if (text.trim() === '' || readClaim(text) !== null) return null
  const words = wordsIn(text)
  if (words.length > 2) return words.length < WORDS ? `${words.length} mots sur ${WORDS}` : `Plus de ${WORDS} mots`
  const { length } = codeIn(text)
  return length < 26 ? `${length} caractères sur 26` : 'Plus de 26 caractères, ou un caractère qui n’existe pas ici'
}

export const isUnit = (text: string): boolean => UNIT.test(text)

const wordsIn = (text: string) => text.trim().toLowerCase().split(/\s+/)
const codeIn = (text: string) =>
  text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0')
