import { describe, expect, it } from 'vitest'
import { createPasswordRules } from './password-rules.ts'

const rules = createPasswordRules()
const weaknessOf = (password: string) => rules(password, { name: 'marie.blanc', displayName: 'Marie Blanc' })

describe('a password', () => {
  it.each([
    ['court', 'too-short'],
    ['Aa1!Aa1!', 'too-short'],
    ['éééééééé', 'too-short'],
    ['marie.blanc04', 'holds-name'],
    ['Blanc-Marie-Blanc', 'holds-name'],
    ['motdepasse123', 'guessable'],
    ['azertyuiop123', 'guessable'],
    ['aaaaaaaaaaaaaa', 'guessable'],
    ['Juillet2026!!', 'guessable'],
    ['vigievigievigie', 'guessable'],
    ['bonjour bonjour', 'guessable'],
  ])('like %s is refused: %s', async (password, weakness) => {
    expect(await weaknessOf(password)).toBe(weakness)
  })

  it.each(['sept marmottes sur la Bonette', 'x9-Vk2q!pTz7w', 'chaise orage violon 42'])(
    'like %s is taken, whatever kinds of characters it has',
    async (password) => {
      expect(await weaknessOf(password)).toBeNull()
    },
  )

  it('is judged in bounded time, however long and odd it is', async () => {
    expect(await weaknessOf('a'.repeat(128))).toBe('guessable')
    expect(await weaknessOf('1q2w3e4r'.repeat(16))).not.toBe('too-short')
  })
})
