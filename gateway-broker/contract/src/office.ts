import Type, { type TSchema } from 'typebox'
import { Count, UtcTime } from './envelope.ts'
import { SiteId, UnitId } from './ids.ts'

/*
 * What the cloud and the authority say to one another at the authority's office door: claims made and bound, certificates
 * told, revocations asked for, and what happened since the cloud last asked.
 */

/** A claim that no box has shown yet waits on a shelf: three years. Beyond: a claim made at the time is the safer one. */
export const CLAIM_MAX_S = 3 * 365 * 86_400
/** A claim that is bound to a site is a key to it: a week is enough to drive there, and for the snow to be cleared. */
export const BOUND_CLAIM_MAX_S = 7 * 86_400
/** Rows told in one answer, about 150 KB. Beyond: the newest claims and certificates, and events from the next question. */
export const OFFICE_MAX_ROWS = 500

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
/** Who asked for it, as the cloud knows the person. */
const By = Type.String({ minLength: 1, maxLength: 200 })
export const ClaimId = Type.String({ pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' })
/** The serial number of a certificate as logs and Node write it: hexadecimal, in capitals. */
export const SerialNumber = Type.String({ pattern: '^[0-9A-F]{2,40}$' })
/** As it was read or typed: the words, or the code, with or without its hyphens. */
export const ClaimText = Type.String({ minLength: 26, maxLength: 200 })

export const ClaimWish = Type.Object(
  {
    /** Only this unit may use it; without one, any unit whose box shows it. */
    unit: Type.Optional(UnitId),
    /** Bound at once; without one, a technician binds it on site. */
    site: Type.Optional(SiteId),
    expiresInS: Type.Integer({ minimum: 60, maximum: CLAIM_MAX_S }),
    by: By,
  },
  { additionalProperties: false },
)
export type ClaimWish = Type.Static<typeof ClaimWish>

/** The only time that the code of a claim is told. */
export const ClaimMade = Type.Object({
  id: ClaimId,
  /** 26 characters in groups, for a QR or a keyboard. */
  code: ClaimText,
  /** The same as twelve French words, which a person can read aloud. */
  words: ClaimText,
  expiresAt: UtcTime,
})
export type ClaimMade = Type.Static<typeof ClaimMade>

export const ClaimBinding = Type.Object({ code: ClaimText, site: SiteId, by: By }, { additionalProperties: false })
export type ClaimBinding = Type.Static<typeof ClaimBinding>

/** What is known of a claim; its code is not. */
export const Claim = Type.Object({
  id: ClaimId,
  /** `open` waits to be bound; `bound`: a box may enrol with it; `used`: one did, and only its key may ask again. */
  state: Type.Enum(['open', 'bound', 'used', 'expired', 'withdrawn']),
  unit: orNull(UnitId),
  site: orNull(SiteId),
  madeAt: UtcTime,
  madeBy: By,
  boundAt: orNull(UtcTime),
  boundBy: orNull(By),
  usedAt: orNull(UtcTime),
  expiresAt: UtcTime,
})
export type Claim = Type.Static<typeof Claim>
export const Claims = Type.Object({ claims: Type.Array(Claim, { maxItems: OFFICE_MAX_ROWS }) })

export const REVOCATION_REASONS = ['stolen', 'lost', 'replaced', 'compromised', 'retired', 'superseded'] as const
export const RevocationReason = Type.Enum([...REVOCATION_REASONS])
export type RevocationReason = Type.Static<typeof RevocationReason>

/** One of a unit, with all its certificates, or of one certificate. */
export const RevocationWish = Type.Object(
  {
    unit: Type.Optional(UnitId),
    serial: Type.Optional(SerialNumber),
    reason: RevocationReason,
    by: By,
  },
  { additionalProperties: false },
)
export type RevocationWish = Type.Static<typeof RevocationWish>
export const RevocationDone = Type.Object({ serials: Type.Array(SerialNumber) })
export type RevocationDone = Type.Static<typeof RevocationDone>

export const UnitCertificate = Type.Object({
  serial: SerialNumber,
  unit: UnitId,
  site: SiteId,
  /** The id of its key, as in a frame's seal. */
  key: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  issuedAt: UtcTime,
  startsAt: UtcTime,
  endsAt: UtcTime,
  revokedAt: orNull(UtcTime),
  reason: orNull(RevocationReason),
})
export type UnitCertificate = Type.Static<typeof UnitCertificate>
export const UnitCertificates = Type.Object({
  certificates: Type.Array(UnitCertificate, { maxItems: OFFICE_MAX_ROWS }),
})

/** Why a box or a person was told no. */
export const REFUSALS = {
  'claim-unknown': 'No claim has this code',
  'claim-expired': 'The claim has expired',
  'claim-withdrawn': 'The claim was withdrawn',
  'claim-of-another-unit': 'The claim is for another unit',
  'claim-of-another-site': 'The claim is bound to another site',
  'second-use': 'The claim was used already, with another key',
  'site-differs': 'The request names another site than the claim or the certificate',
  'name-differs': 'The request names another unit than the one that asks',
  'name-not-usable': 'No unit may have this name',
  'unit-elsewhere': 'The unit has a valid certificate at another site',
  'request-not-readable': 'The body is no PKCS#10 request in base64',
  'request-not-signed': 'The request is not signed by the key that it names',
  'key-not-usable': 'The key is not P-256',
  'certificate-missing': 'A client certificate is needed',
  'certificate-unknown': 'The client certificate is not one that this authority gave to a unit',
  'certificate-revoked': 'The client certificate is revoked',
  'certificate-spent': 'The certificate was made by hand, and has been renewed with another key',
  'unit-not-in': 'The unit whose doors these are has no valid certificate at this site',
  'too-many-attempts': 'Too many attempts were refused',
} as const
export type AuthorityRefusal = keyof typeof REFUSALS

/** Something that happened at the authority, once, in order. */
export const OfficeEvent = Type.Object({
  seq: Count,
  at: UtcTime,
  kind: Type.Enum([
    'claim-made',
    'claim-bound',
    'claim-withdrawn',
    'enrolled',
    'renewed',
    'refused',
    'revoked',
    'authority-started',
  ]),
  /** Somebody should look at it: a claim used twice, a wrong site, a revoked certificate that still tries. */
  isAlarm: Type.Boolean(),
  /** Of a refusal, a word of REFUSALS; of a revocation, its reason. */
  reason: orNull(Type.String({ pattern: '^[a-z][a-z-]{1,40}$' })),
  unit: orNull(Type.String({ maxLength: 100 })),
  site: orNull(Type.String({ maxLength: 100 })),
  claim: orNull(ClaimId),
  serial: orNull(SerialNumber),
  by: orNull(By),
  /** From where a box asked. */
  address: orNull(Type.String({ maxLength: 60 })),
})
export type OfficeEvent = Type.Static<typeof OfficeEvent>
export const OfficeEvents = Type.Object({
  events: Type.Array(OfficeEvent, { maxItems: OFFICE_MAX_ROWS }),
  /** The newest there is; more wait when it is beyond the last of `events`. */
  newest: Count,
})
export type OfficeEvents = Type.Static<typeof OfficeEvents>
