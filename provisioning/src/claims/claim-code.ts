import { randomBytes } from 'node:crypto'
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/french.js'

/** 128 bits: nobody guesses it in the life of a claim, however fast he may ask. */
const BYTES = 16
/** Crockford's 32: no I, L, O, U, which are read as others. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LENGTH = 26

/** By its bare letters: who types on a telephone leaves accents out, and the list has no two words that differ by one. */
const WORDS = new Map(wordlist.map((word) => [bare(word), word]))

/** The secret of a claim, in the two spellings that a person or a label may carry. */
export type ClaimCode = { secret: Buffer; code: string; words: string }

export function newClaimCode(): ClaimCode {
  const secret = randomBytes(BYTES)
  return { secret, code: spellCode(secret), words: entropyToMnemonic(secret, wordlist).normalize('NFC') }
}

/** Reads a claim as it was scanned or typed: the code or the words, any case. Undefined when it can be none. */
export function readClaimCode(text: string): Buffer | undefined {
  const trimmed = text.trim()
  return /[\s\u3000]/.test(trimmed) ? readWords(trimmed) : readCode(trimmed)
}

function spellCode(secret: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(secret).toString('hex')}`)
  let code = ''
  for (let index = 0; index < CODE_LENGTH; index++) {
    code = (ALPHABET[Number(value & 31n)] ?? '') + code
    value >>= 5n
  }
  // Groups of five: what the eye takes in at once.
  return code.replaceAll(/.{5}(?=.)/g, '$&-')
}

function readCode(text: string): Buffer | undefined {
  const code = text.toUpperCase().replaceAll('-', '').replaceAll(/[IL]/g, '1').replaceAll('O', '0')
  if (code.length !== CODE_LENGTH) return undefined
  let value = 0n
  for (const letter of code) {
    const digit = ALPHABET.indexOf(letter)
    if (digit < 0) return undefined
    value = (value << 5n) | BigInt(digit)
  }
  return value >> BigInt(BYTES * 8) === 0n ? Buffer.from(value.toString(16).padStart(BYTES * 2, '0'), 'hex') : undefined
}

function readWords(text: string): Buffer | undefined {
  const words = text.split(/[\s\u3000]+/).map((word) => WORDS.get(bare(word)))
  if (words.length !== 12 || words.includes(undefined)) return undefined
  try {
    return Buffer.from(mnemonicToEntropy(words.join(' '), wordlist))
  } catch {
    return undefined // the checksum says that a word is wrong
  }
}

function bare(word: string): string {
  return word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
