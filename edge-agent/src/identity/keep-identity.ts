import type { X509Certificate } from 'node:crypto'
import type { AuthorityRefusal } from '@vigie/contract/office'
import type { HonestTime } from '../clock/honest-time.ts'
import { AgentFault, faultCodeOf } from '../faults.ts'
import type { Time } from '../time.ts'
import { brokerFault } from '../uplink/broker-fault.ts'
import { createDoorbell } from '../uplink/doorbell.ts'
import type { AuthorityTrust } from './authority-connection.ts'
import { readAuthorityTime } from './authority-time.ts'
import { makeCertificateRequest } from './certificate-request.ts'
import { bearerOf, type Credential, certificatesIn } from './credential.ts'
import { type EstAnswer, enrol, readAuthorities, reenrol } from './est.ts'
import type { IdentityFolder } from './identity-folder.ts'
import { type Bearer, type Deed, type IdentityEvent, type IdentityState, step } from './identity-step.ts'
import { issuedCredential } from './issued-credential.ts'

/*
 * Kept for a unit, as which it comes in, and for the doors of a museum's gateway, by which lanes and phones know it: one is
 * proved by the broker, the other by whoever tries the doors with it.
 */

/** What a unit shows of itself, and to whom it belongs. */
export type Shown = { credential: Credential; bearer: Bearer }

/** A unit's identity through its life: how it comes by a certificate, and how it never is without one again. */
export type Identity = {
  /** What the next connection shows: the certificate that is to be proved, else the one in use; null before the first. */
  shown(): Shown | null
  /** Aborted when `shown` gives another one from now on. */
  changed(): AbortSignal
  /** The broker let the unit in with these certificates. */
  letIn(certificates: string): void
  /** A connection with these certificates did not come about, or ended. */
  turnedAway(certificates: string, error: unknown): void
  /** These certificates are of no use, as whoever tried them found. */
  failed(certificates: string): void
  /**
   * Whether the authority has said, of the certificate that `shown` gives, that it was taken back. Only the authority can
   * say so: a line that is cut, or a broker that closes, proves nothing.
   */
  isRevoked(): boolean
  /** Runs until the signal is aborted. Throws only what is a bug. */
  run(signal: AbortSignal): Promise<void>
}

/** Honest time, as far as an identity needs it. */
export type IdentityTime = Time & Pick<HonestTime, 'state' | 'estimate' | 'remember'>

export type IdentityDeps = {
  folder: IdentityFolder
  time: IdentityTime
  random: () => number
  onState(state: IdentityState): void
  /** What did not come about, and will be tried again. */
  onTrouble(error: unknown): void
  /** The authority told the time, for want of a better one. */
  onTime(change: 'known' | 'corrected'): void
}

export type IdentityOptions = {
  authorityUrl: string
  /** Roots that were put on the box when it was prepared, in PEM. They are believed until the authority has told newer ones. */
  firstAuthorities: string
  /** It is that of a gateway's doors: each renewal makes a key of its own, since the first came from elsewhere. */
  isOfDoors?: boolean
  /** What is in use was made elsewhere, key and all: it is renewed at once. */
  isFromElsewhere?: boolean
}

/** While a technician is waited for. */
const LOOK_EVERY_MS = 5_000
/** While a date is waited for: the clock may jump to it, and a claim may be put on the box. */
const LOOK_AT_DATE_EVERY_MS = 60_000
/** A disk that fails is asked again like this; meanwhile nothing changes. */
const DISK_AGAIN_MS = 60_000
/** A broker also closes without a word when it starts or is full. So often in a row, it is the certificate. */
const REFUSALS_THAT_COUNT = 3
/** The authority's word for a certificate, or a key, that was taken back. */
const REVOKED: AuthorityRefusal = 'certificate-revoked'

export function createIdentity(
  { folder, time, random, onState, onTrouble, onTime }: IdentityDeps,
  { authorityUrl, firstAuthorities, isOfDoors = false, isFromElsewhere = false }: IdentityOptions,
): Identity {
  const bell = createDoorbell(time)
  let shown = shownFrom(folder)
  let revoked = folder.revoked()
  let change = new AbortController()
  let refusals = 0
  let verdict: 'proved' | 'disproved' | null = null
  /** The broker turned away the certificate in use: it may have ended by a better clock than ours. */
  let isDoubted = false
  let isForeign = isFromElsewhere

  function look(): void {
    shown = shownFrom(folder)
    change.abort()
    change = new AbortController()
  }

  const trust = (): AuthorityTrust => {
    const held = folder.current()
    return {
      url: authorityUrl,
      authorities: held?.authorities ?? firstAuthorities,
      shows: held,
      now: time.now,
    }
  }

  /** A box without a clock learns what time it is before it judges a date. */
  async function learnTime(signal: AbortSignal): Promise<void> {
    if (time.state() !== 'unknown') return
    try {
      const told = time.estimate(await readAuthorityTime(trust(), time.monotonicMs, signal))
      if (told === null) return
      time.remember()
      onTime(told)
    } catch (error) {
      if (faultCodeOf(error) === null) throw error
      onTrouble(error)
    }
  }

  /** Asks for a certificate and, when it comes, keeps it together with the authorities of today. */
  async function ask(
    { key, unit, site }: { key: string; unit: string; site: string | null },
    how: (asked: AuthorityTrust, request: string) => Promise<EstAnswer>,
    signal: AbortSignal,
  ): Promise<IdentityEvent> {
    try {
      await learnTime(signal)
      const asked = trust()
      const answer = await how(asked, await makeCertificateRequest(key, { unit, site }))
      if (answer.outcome === 'not-yet') return { is: 'not-yet', retryInMs: answer.retryInMs }
      if (answer.outcome === 'refused') throw new AgentFault('authority-refused', answer.reason)
      const { certificate } = answer
      const authorities = await readAuthorities(asked, signal)
      const [before] = isOfDoors ? certificatesIn(folder.current()?.certificates ?? '') : []
      const wanted = { key, unit, site, nowMs: time.now(), ...(before && { doors: before }) }
      const issued = issuedCredential({ certificate, authorities }, wanted)
      const got = bearerOf(certificate)
      if (!issued.ok || got === null) {
        throw new AgentFault('authority-silent', `a certificate ${issued.ok ? 'of nobody' : issued.problem}`)
      }
      folder.keepNext(issued.credential)
      return { is: 'granted', got }
    } catch (error) {
      if (signal.aborted) throw error
      const fault = faultCodeOf(error)
      if (fault === null) throw error
      onTrouble(error)
      return { is: fault === 'authority-refused' ? 'refused' : 'unanswered' }
    }
  }

  async function awaitClaim(signal: AbortSignal): Promise<IdentityEvent> {
    while (folder.claim() === null) await bell.heard(LOOK_EVERY_MS, signal)
    return { is: 'claim-found' }
  }

  /** Waits before the next question; a claim that was put on the box meanwhile is asked with at once. */
  async function enrolIn(inMs: number, signal: AbortSignal): Promise<IdentityEvent> {
    const first = folder.claim()
    const dueMs = time.monotonicMs() + inMs
    let claim = first
    while (time.monotonicMs() < dueMs && claim?.code === first?.code) {
      await bell.heard(Math.min(LOOK_EVERY_MS, dueMs - time.monotonicMs()), signal)
      claim = folder.claim()
    }
    const key = folder.askedKey()
    if (claim === null || key === null) return { is: 'begun', found: folder.look() }
    const { unit, code } = claim
    return ask(
      { key, unit, site: null },
      (asked, request) => enrol({ ...asked, shows: null }, { unit, code, request }, signal),
      signal,
    )
  }

  async function renewWhenDue(
    { atMs, inMs }: { atMs: number; inMs: number },
    signal: AbortSignal,
  ): Promise<IdentityEvent> {
    const notBeforeMs = time.monotonicMs() + inMs
    await learnTime(signal)
    const leftMs = () => Math.max(notBeforeMs - time.monotonicMs(), isDoubted || isForeign ? 0 : atMs - time.now())
    while (leftMs() > 0) {
      if (folder.claim() !== null) return { is: 'claim-found' }
      await bell.heard(Math.min(leftMs(), LOOK_AT_DATE_EVERY_MS), signal)
      if (isDoubted) await learnTime(signal)
    }
    isDoubted = false
    const held = folder.current()
    const [own] = certificatesIn(held?.certificates ?? '')
    const bearer = own && bearerOf(own)
    if (held === null || !bearer) return { is: 'begun', found: folder.look() }
    const { unit, site, serial } = bearer
    async function renew(asked: AuthorityTrust, request: string): Promise<EstAnswer> {
      const answer = await reenrol(asked, request, signal)
      if (answer.outcome === 'refused' && answer.reason === REVOKED) {
        revoked = serial
        folder.keepRevoked(serial)
      }
      return answer
    }
    if (isOfDoors && folder.askedKey() === null) folder.makeKey()
    const key = isOfDoors ? folder.askedKey() : held.key
    if (key === null) return { is: 'begun', found: folder.look() }
    return ask({ key, unit, site }, renew, signal)
  }

  /** The uplink shows the certificate at its next connection, which is made at once, and tells what came of it. */
  async function prove(signal: AbortSignal): Promise<IdentityEvent> {
    ;[verdict, refusals] = [null, 0]
    look()
    while (verdict === null) await bell.heard(LOOK_AT_DATE_EVERY_MS, signal)
    return { is: verdict }
  }

  async function perform(deed: Deed, signal: AbortSignal): Promise<IdentityEvent> {
    switch (deed.do) {
      case 'make-key':
        folder.makeKey()
        return folder.claim() === null ? { is: 'begun', found: folder.look() } : { is: 'key-made' }
      case 'await-claim':
        return awaitClaim(signal)
      case 'enrol':
        return enrolIn(deed.inMs, signal)
      case 'renew':
        return renewWhenDue(deed, signal)
      case 'prove':
        return prove(signal)
      case 'adopt':
        folder.adoptNext()
        isForeign = false
        return { is: 'adopted' }
      case 'drop':
        folder.dropNext()
        look()
        return { is: 'dropped' }
      case 'forget-claim':
        folder.forgetClaim()
        return { is: 'claim-forgotten' }
    }
  }

  return {
    shown: () => shown,
    changed: () => change.signal,
    isRevoked: () => shown !== null && shown.bearer.serial === revoked,

    letIn(certificates) {
      if (certificates !== folder.next()?.certificates) return
      verdict = 'proved'
      bell.ring()
    },

    turnedAway(certificates, error) {
      if (brokerFault(error).code !== 'broker-refused') return
      if (certificates === folder.next()?.certificates) {
        refusals += 1
        if (refusals >= REFUSALS_THAT_COUNT) verdict = 'disproved'
      } else isDoubted = true
      bell.ring()
    },

    failed(certificates) {
      if (certificates !== folder.next()?.certificates) return
      verdict = 'disproved'
      bell.ring()
    },

    async run(signal) {
      let event: IdentityEvent = { is: 'begun', found: folder.look() }
      let state: IdentityState = { name: 'unclaimed' }
      while (!signal.aborted) {
        const turn = step(state, event, random)
        state = turn.state
        onState(state)
        try {
          event = await perform(turn.deed, signal)
        } catch (error) {
          if (signal.aborted) return
          if (faultCodeOf(error) !== 'disk-failing') throw error
          onTrouble(error)
          await time.wait(DISK_AGAIN_MS, signal).catch(() => undefined)
          event = { is: 'begun', found: folder.look() }
        }
      }
    },
  }
}

function shownFrom(folder: IdentityFolder): Shown | null {
  for (const credential of [folder.next(), folder.current()]) {
    const [own]: X509Certificate[] = credential ? certificatesIn(credential.certificates) : []
    const bearer = own && bearerOf(own)
    if (credential && bearer) return { credential, bearer }
  }
  return null
}
