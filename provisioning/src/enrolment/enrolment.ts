import { X509Certificate } from 'node:crypto'
import { keyIdOf } from '@vigie/contract/frame'
import type { AuthorityRefusal } from '@vigie/contract/office'
import { type Issuer, issueLeaf } from '../authority/certificate.ts'
import type { ClaimDigest } from '../claims/claim-digest.ts'
import type { AuthorityStore } from '../store/authority-store.ts'
import type { KeptCertificate } from '../store/certificate-table.ts'
import { type CertifiedFor, certifiedFor } from './certified-for.ts'
import { judgeClaim } from './judge-claim.ts'
import { judgeRenewal, type ShownCertificate } from './judge-renewal.ts'
import { readSigningRequest, type SigningRequest } from './signing-request.ts'
import { waitBeforeAsking } from './wait-before-asking.ts'

/** Half a year: two thirds of it leave 60 days in which a unit without network is still no problem. */
const UNIT_VALID_MS = 180 * 86_400_000

/** A renewal that is asked for again with the same key within this time gets the same certificate. */
const SAME_ANSWER_MS = 86_400_000

const AS_A_CLIENT: CertifiedFor = { purpose: 'client', dnsNames: [], addresses: [] }

export type EnrolmentAnswer =
  | { ok: true; certificate: Buffer; unit: string; serial: string }
  | { ok: false; waitS: number }
  | { ok: false; refusal: AuthorityRefusal }

export type Enrolment = {
  /** By a claim. `claim` and `unit` are what the box says of itself. */
  enrol(asked: { unit: string; claim: string; body: string; address: string }): Promise<EnrolmentAnswer>
  /** By the certificate that a box shows; TLS has proved that it holds the key. What it is good for stays the same. */
  renew(asked: { shown: ShownCertificate | undefined; body: string; address: string }): Promise<EnrolmentAnswer>
}

export type EnrolmentDeps = {
  store: AuthorityStore
  digestOf: ClaimDigest
  issuer: Issuer
  now: () => number
  /** Resolves when the lists name what was revoked. */
  renewLists: () => Promise<void>
}

export function createEnrolment({ store, digestOf, issuer, now, renewLists }: EnrolmentDeps): Enrolment {
  const { claims, certificates, events } = store
  const issuerKey = keyIdOf(issuer.certificate.publicKey.export({ type: 'spki', format: 'der' }))
  const firstAsked = waitBeforeAsking()

  const refuse = (
    refusal: AuthorityRefusal,
    about: { unit?: string; site?: string | null; claim?: string; address: string },
    isAlarm = false,
  ): EnrolmentAnswer => {
    const unit = about.unit?.slice(0, 100) ?? null // hostile until it is known
    events.add({ ...about, unit, at: now(), kind: 'refused', reason: refusal, isAlarm })
    return { ok: false, refusal }
  }

  const certify = async (
    { publicKey, key }: SigningRequest,
    { unit, site }: { unit: string; site: string },
    good: CertifiedFor,
  ): Promise<Omit<KeptCertificate, 'revokedAt' | 'reason'>> => {
    const subject = [{ CN: [unit] }, { OU: [site] }]
    const pem = await issueLeaf({ subject, ...good, validMs: UNIT_VALID_MS }, publicKey, issuer, now())
    const certificate = new X509Certificate(pem)
    return {
      serial: certificate.serialNumber,
      issuer: issuerKey,
      ...{ unit, site, purpose: good.purpose, key, der: certificate.raw, issuedAt: now() },
      startsAt: Date.parse(certificate.validFrom),
      endsAt: Date.parse(certificate.validTo),
    }
  }

  const given = ({ der, unit, serial }: { der: Buffer; unit: string; serial: string }): EnrolmentAnswer => ({
    ...{ ok: true, certificate: der, unit, serial },
  })

  const isUnitIn = ({ unit, site }: ShownCertificate): boolean =>
    certificates.live(unit, now()).some((one) => one.site === site && one.purpose === 'client')

  /** A copy of what was made by hand may lie anywhere. It is good until a day after it was renewed, in case no answer came. */
  function isSpent({ serial, unit, startsAt, purpose }: ShownCertificate): boolean {
    if (purpose === 'client' || certificates.bySerial(serial) !== undefined) return false
    const renewedAt = certificates.doorsSince(unit, startsAt)
    return renewedAt !== null && now() - renewedAt > SAME_ANSWER_MS
  }

  return {
    async enrol({ unit, claim: text, body, address }) {
      const digest = digestOf(text)
      const found = digest && claims.byDigest(digest)
      // Whoever has no claim costs one hash: nobody's signature is checked for him, and he learns nothing of his request.
      if (found === undefined) return refuse('claim-unknown', { unit, address })
      const read = await readSigningRequest(body)
      if (!read.ok) return refuse(read.refusal, { unit, claim: found.id, address })
      const request = read.value
      const reserved = store.atOnce(() => {
        const claim = claims.byId(found.id)
        const live = certificates.live(unit, now())
        const liveSites = live.map(({ site }) => site)
        const isKeyRevoked = certificates.isKeyRevoked(request.key)
        const judgement = judgeClaim(claim, { unit, request, liveSites, isKeyRevoked }, now())
        const before = live.find((one) => one.key === request.key && claim?.usedKey === request.key)
        // Before it is signed: of two that ask at once with one claim, one is the first.
        if (judgement.do === 'issue' && claim?.usedAt === null)
          claims.use(found.id, { unit, key: request.key, at: now() })
        return { judgement, before }
      })
      const { judgement, before } = reserved
      if (judgement.do === 'wait') return { ok: false, waitS: firstAsked(found.id, now()) }
      if (judgement.do === 'refuse') {
        const about = { unit, site: found.site, claim: found.id, address }
        return refuse(judgement.refusal, about, judgement.isAlarm)
      }
      if (before !== undefined) return given(before)
      const made = await certify(request, { unit, site: judgement.site }, AS_A_CLIENT)
      const kept = store.atOnce(() => {
        // The unit may have been revoked while it was signed, and its claims with it.
        if (claims.byId(found.id)?.withdrawnAt !== null) return null
        // The same box may have asked twice at once; it has one certificate.
        const already = certificates.live(unit, now()).find(({ key }) => key === request.key)
        if (already !== undefined) return { certificate: already, replaced: 0 }
        // Its doors are not replaced by a claim: who lost them revokes the unit.
        const others = certificates
          .notRevoked(unit)
          .filter(({ key, purpose }) => key !== request.key && purpose === 'client')
        const at = now()
        for (const other of others) certificates.revoke({ ...other, revokedAt: at, reason: 'superseded', by: unit })
        certificates.add(made)
        events.add({ at, kind: 'enrolled', unit, site: made.site, claim: found.id, serial: made.serial, address })
        for (const { serial, site } of others) {
          events.add({ at, kind: 'revoked', reason: 'superseded', unit, site, serial, by: unit })
        }
        return { certificate: made, replaced: others.length }
      })
      if (kept === null) {
        return refuse('claim-withdrawn', { unit, site: judgement.site, claim: found.id, address }, true)
      }
      if (kept.replaced > 0) await renewLists()
      return given(kept.certificate)
    },

    async renew({ shown, body, address }) {
      const about =
        shown === undefined ? { address } : { unit: shown.unit, site: shown.site, serial: shown.serial, address }
      const read = await readSigningRequest(body)
      if (!read.ok) return refuse(read.refusal, about)
      const judgement = judgeRenewal(shown, read.value, {
        isKeyRevoked: certificates.isKeyRevoked(read.value.key),
        isUnitIn: shown !== undefined && isUnitIn(shown),
        isSpent: shown !== undefined && isSpent(shown),
      })
      if (judgement.do === 'refuse') return refuse(judgement.refusal, about, judgement.isAlarm)
      if (shown === undefined) throw new Error('a renewal was judged that shows no certificate')
      const { unit, site } = shown
      const before = certificates.live(unit, now()).find(({ key, issuedAt, serial }) => {
        return key === read.value.key && serial !== shown.serial && now() - issuedAt < SAME_ANSWER_MS
      })
      if (before !== undefined) return given(before)
      const made = await certify(read.value, { unit, site }, certifiedFor(new X509Certificate(shown.der)))
      const isStillGood = store.atOnce(() => {
        // It may have been revoked while its successor was signed.
        if (certificates.isRevoked(shown.serial)) return false
        certificates.add(made)
        events.add({ at: now(), kind: 'renewed', unit, site, serial: made.serial, address })
        return true
      })
      return isStillGood ? given(made) : refuse('certificate-revoked', about, true)
    },
  }
}
