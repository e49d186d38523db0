import { expect, test } from 'vitest'
import { hashOfRecoveryCode, newRecoveryCodes, RECOVERY_CODES } from './recovery-code.ts'
import { newTotpSecret, totpAddress, totpStepOf } from './totp.ts'

/** RFC 6238, appendix B: the secret of its SHA-1 vectors; the last six of their eight digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('at %s s after 1970 the code of the RFC fits, and that of a step before or after', (seconds, code) => {
  const step = Math.floor(seconds / 30)
  expect(totpStepOf(RFC_SECRET, code, seconds * 1000)).toBe(step)
  expect(totpStepOf(RFC_SECRET, ` ${code.slice(0, 3)} ${code.slice(3)}`, (seconds + 30) * 1000)).toBe(step)
  expect(totpStepOf(RFC_SECRET, code, (seconds + 90) * 1000)).toBeNull()
})

test('what is no code of six digits fits nothing', () => {
  for (const code of ['', '28708', '2870820', '28708x', '２８７０８２'])
    expect(totpStepOf(RFC_SECRET, code, 59_000)).toBeNull()
})

test('each authenticator gets a secret of its own, which says for whom it is', () => {
  expect(newTotpSecret()).not.toBe(newTotpSecret())
  expect(totpAddress(RFC_SECRET, 'marie.blanc')).toContain(`otpauth://totp/Vigie:marie.blanc?`)
})

test('codes for paper are all different, and read however they are typed', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(RECOVERY_CODES)
  for (const code of codes) {
    expect(code).toMatch(/^[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){3}$/)
    expect(hashOfRecoveryCode(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toBe(hashOfRecoveryCode(code))
  }
})
