import { Secret, TOTP } from 'otpauth'

/** RFC 6238 as every authenticator knows it: SHA-1, six digits, 30 s. */
const PERIOD_S = 30
/** A phone's clock may be a step off. */
const WINDOW = 1
/** 160 bits, as RFC 4226 §4 recommends. */
const SECRET_BYTES = 20

export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32

/** What an authenticator reads: `otpauth://totp/Vigie:<name>?...`. */
export const totpAddress = (secret: string, name: string): string => totpOf(secret, name).toString()

/** The step whose code this is, or null. A step is to be taken once only (`takeTotpStep`): RFC 6238 §5.2. */
export function totpStepOf(secret: string, code: string, now: number): number | null {
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = totpOf(secret, '').validate({ token, timestamp: now, window: WINDOW })
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_S) + delta
}

const totpOf = (secret: string, label: string) =>
  new TOTP({
    issuer: 'Vigie',
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
  })
