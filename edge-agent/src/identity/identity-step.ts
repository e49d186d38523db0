import type { SiteId, UnitId } from '@vigie/contract/ids'
import { type RetryPolicy, retryDelayMs } from '@vigie/contract/reconnect'

/** What a certificate says: whose it is, for how long, and its number. */
export type Bearer = { unit: UnitId; site: SiteId; serial: string; startMs: number; endMs: number }

/**
 * Where a unit stands with its identity. `holds` is the certificate in use; it stays in use, whatever else is under way,
 * until another has been proved. Each state can be read from the folder alone, so a power cut changes nothing.
 */
export type IdentityState =
  /** No key of its own yet, or a new claim came that wants another. */
  | { name: 'keyless'; holds: Bearer | null }
  /** A key, and nothing to ask with. */
  | { name: 'unclaimed' }
  /** A key and a claim: the authority is asked. */
  | { name: 'asking'; holds: Bearer | null; failures: number }
  /** A certificate that the broker has not seen yet. */
  | { name: 'pending'; holds: Bearer | null; got: Bearer; failures: number }
  | { name: 'current'; holds: Bearer; failures: number }

/** What lies in the folder. */
export type Found = { hasKey: boolean; hasClaim: boolean; current: Bearer | null; next: Bearer | null }

export type IdentityEvent =
  | { is: 'begun'; found: Found }
  | { is: 'key-made' }
  | { is: 'claim-found' }
  /** A certificate came and is on the disk. */
  | { is: 'granted'; got: Bearer }
  | SetBack
  /** The broker let the unit in with the pending certificate. */
  | { is: 'proved' }
  /** The broker turned the pending certificate away. */
  | { is: 'disproved' }
  | { is: 'adopted' }
  | { is: 'dropped' }
  | { is: 'claim-forgotten' }

/** The authority was asked, and gave nothing. */
type SetBack =
  /** No technician has bound the claim to a site yet. */
  | { is: 'not-yet'; retryInMs: number }
  /** The authority will not; asking the same again rarely helps. */
  | { is: 'refused' }
  /** Nobody answered. */
  | { is: 'unanswered' }

/** What is to be done. Done again after a power cut, each leads to the same. */
export type Deed =
  | { do: 'make-key' }
  | { do: 'await-claim' }
  | { do: 'enrol'; inMs: number }
  /** Not before `atMs` of honest time, and not before `inMs` from now. */
  | { do: 'renew'; atMs: number; inMs: number }
  /** Show the pending certificate to the broker. */
  | { do: 'prove' }
  /** The pending certificate takes the place of the one in use; the claim is used up. */
  | { do: 'adopt' }
  /** The pending certificate is thrown away. */
  | { do: 'drop' }
  /** The claim is thrown away: the authority does not take it, and there is a certificate to go on with. */
  | { do: 'forget-claim' }

export type Turn = { state: IdentityState; deed: Deed }

/** The authority is down, or the line: 41 units that renew together do not come together. */
const UNANSWERED: RetryPolicy = { firstMs: 10_000, capMs: 30 * 60_000 }
/** A question costs some 5 kB of the SIM. An hour is soon enough for what a person must put right. */
const REFUSED: RetryPolicy = { firstMs: 60_000, capMs: 60 * 60_000 }
/** A certificate that its own broker does not take: the authority was changed, and the broker does not know it yet. */
const TURNED_AWAY: RetryPolicy = { firstMs: 10 * 60_000, capMs: 6 * 3_600_000 }

/** A renewal is due at two thirds of the life of a certificate, and up to a twentieth of it sooner: see `renewalMs`. */
const RENEWED_AT = 2 / 3
const SPREAD = 1 / 20

/**
 * When a certificate is renewed. 41 units that were enrolled on one day are spread over nine days, each by the number of its
 * certificate, so that a restart does not draw lots anew.
 */
export function renewalMs({ serial, startMs, endMs }: Bearer): number {
  const spread = Number.parseInt(serial.slice(-6), 16) / 0x1_00_00_00
  const share = RENEWED_AT - SPREAD * (Number.isNaN(spread) ? 0 : spread)
  return Math.round(startMs + (endMs - startMs) * share)
}

/** One step in the life of an identity. `random` is uniform in [0, 1). */
export function step(state: IdentityState, event: IdentityEvent, random: () => number): Turn {
  switch (event.is) {
    case 'begun':
      return begin(event.found)
    case 'key-made':
      return asking(holdsOf(state))
    case 'claim-found':
      // Another claim wants another key: who had the old one may not have come by it honestly.
      return state.name === 'current' ? keyless(state.holds) : asking(holdsOf(state))
    case 'granted':
      return {
        state: { name: 'pending', holds: holdsOf(state), got: event.got, failures: failuresOf(state) },
        deed: { do: 'prove' },
      }
    case 'not-yet':
    case 'refused':
    case 'unanswered':
      return setBack(state, event, random)
    case 'proved':
      return { state, deed: { do: 'adopt' } }
    case 'disproved':
      return { state, deed: { do: 'drop' } }
    case 'adopted':
      return state.name === 'pending' ? current(state.got) : begin(NOTHING)
    case 'dropped': {
      const failures = failuresOf(state) + 1
      const inMs = retryDelayMs(failures, random, TURNED_AWAY)
      const holds = holdsOf(state)
      return holds ? current(holds, { failures, inMs }) : asking(null, { failures, inMs })
    }
    case 'claim-forgotten': {
      const holds = holdsOf(state)
      return holds ? current(holds) : begin(NOTHING)
    }
  }
}

const NOTHING: Found = { hasKey: false, hasClaim: false, current: null, next: null }

function begin({ hasKey, hasClaim, current: holds, next }: Found): Turn {
  if (next !== null) return { state: { name: 'pending', holds, got: next, failures: 0 }, deed: { do: 'prove' } }
  if (holds !== null && !hasClaim) return current(holds)
  if (!hasKey) return keyless(holds)
  return hasClaim ? asking(holds) : { state: { name: 'unclaimed' }, deed: { do: 'await-claim' } }
}

const keyless = (holds: Bearer | null): Turn => ({ state: { name: 'keyless', holds }, deed: { do: 'make-key' } })

const asking = (holds: Bearer | null, { failures, inMs } = { failures: 0, inMs: 0 }): Turn => ({
  state: { name: 'asking', holds, failures },
  deed: { do: 'enrol', inMs },
})

const current = (holds: Bearer, { failures, inMs } = { failures: 0, inMs: 0 }): Turn => ({
  state: { name: 'current', holds, failures },
  deed: { do: 'renew', atMs: renewalMs(holds), inMs },
})

const holdsOf = (state: IdentityState): Bearer | null => (state.name === 'unclaimed' ? null : state.holds)
const failuresOf = (state: IdentityState): number => ('failures' in state ? state.failures : 0)

/** Asked in vain: asked again, ever more seldom. */
function setBack(state: IdentityState, event: SetBack, random: () => number): Turn {
  const holds = holdsOf(state)
  if (event.is === 'not-yet') return asking(holds, { failures: 0, inMs: event.retryInMs })
  // A certificate that is in use must not miss its renewal for a claim that nobody takes.
  if (event.is === 'refused' && state.name === 'asking' && holds !== null)
    return { state, deed: { do: 'forget-claim' } }
  const failures = failuresOf(state) + 1
  const inMs = retryDelayMs(failures, random, event.is === 'refused' ? REFUSED : UNANSWERED)
  return state.name === 'current' ? current(state.holds, { failures, inMs }) : asking(holds, { failures, inMs })
}
