import { createHash } from 'node:crypto'
import { networkOf } from '@vigie/contract/network-of'

/** So many attempts at once, then one more each `refillMs`. */
export type AttemptRule = { key: string; capacity: number; refillMs: number }

const MINUTE_MS = 60_000

/*
 * Nobody is ever locked out of an account, since then anybody could lock out a colleague. What is bounded is how often one
 * may try from where. A browser in which the person has signed in before has an allowance of its own, which no stranger
 * can use up. For strangers three allowances stand before each name: that of the address, that of the name from this
 * address, and that of the name from everywhere, which bounds many addresses together to some 3,000 tries a day.
 */
export function passwordAttempts(name: string, address: string, knownDevice: string | null): AttemptRule[] {
  if (knownDevice !== null) return [{ key: `device ${knownDevice}`, capacity: 10, refillMs: MINUTE_MS }]
  const who = digest(name)
  const from = networkOf(address)
  return [
    // Behind one address of an office there may be thirty people on a Monday morning.
    { key: `address ${from}`, capacity: 30, refillMs: 10_000 },
    { key: `name-at ${who} ${from}`, capacity: 5, refillMs: MINUTE_MS },
    { key: `name ${who}`, capacity: 50, refillMs: MINUTE_MS / 2 },
  ]
}

/** Six digits of which three hold at any time: 5 tries, then one a minute, find one in 100 days on average. */
export const codeAttempts = (person: string, knownDevice: string | null): AttemptRule[] => [
  { key: `code ${knownDevice ?? person}`, capacity: 5, refillMs: MINUTE_MS },
]

/**
 * One-time links hold 256 bits, and what is begun at a passkey or an identity provider opens nothing yet: this only keeps
 * a flood away from the database.
 */
export const linkAttempts = (address: string): AttemptRule[] => [
  { key: `link ${networkOf(address)}`, capacity: 60, refillMs: 10_000 },
]

/** People type passwords into the field of the name: it is not kept in clear. */
const digest = (text: string) => createHash('sha256').update(text).digest('base64url')
