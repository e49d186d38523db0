import * as office from '@vigie/contract/office'
import Type, { type Static } from 'typebox'

const Time = Type.String({ format: 'date-time' })

const ClaimMade = Type.Object(
  {
    ...office.ClaimMade.properties,
    path: Type.String({ description: 'What a label shows as QR, after our address.' }),
  },
  { $id: 'ClaimMade' },
)
const Claim = Type.Object(office.Claim.properties, { $id: 'Claim' })
const Claims = Type.Object({ claims: Type.Array(Type.Ref('Claim')) }, { $id: 'Claims' })

export const CertifiedUnit = Type.Object(
  {
    unit: Type.String(),
    site: Type.String({ description: 'Where it works, or worked last.' }),
    state: Type.Enum(['certified', 'expired', 'revoked'], {
      description:
        '`expired`: it renews by itself when it is back. `revoked`: it comes back with a new key and claim alone.',
    }),
    certificates: Type.Array(
      Type.Object({
        serial: Type.String(),
        key: Type.String({ description: 'The id of its key, as in the header of a frame.' }),
        issuedAt: Time,
        startsAt: Time,
        endsAt: Time,
        revokedAt: Type.Union([Time, Type.Null()]),
        reason: Type.Union([Type.Enum([...office.REVOCATION_REASONS]), Type.Null()]),
      }),
    ),
  },
  { $id: 'CertifiedUnit' },
)
export type CertifiedUnit = Static<typeof CertifiedUnit>

export const CertifiedUnits = Type.Object(
  { units: Type.Array(Type.Unsafe<CertifiedUnit>(Type.Ref('CertifiedUnit'))) },
  { $id: 'CertifiedUnits' },
)

export const UNIT_SCHEMAS = [ClaimMade, Claim, Claims, CertifiedUnit, CertifiedUnits]
