import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { UtcTime } from './envelope.ts'
import { SiteId, UnitId } from './ids.ts'
import { DESIRED_DOCUMENTS, type DesiredDocument } from './topics.ts'
import { WIRE_VERSION } from './version.ts'

/** SHA-256 of a document's bytes, in hexadecimal. */
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** Versions count up by one at each change of a site; far below what a number holds exactly. */
export const ConfigurationVersion = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })

/**
 * What a unit's desired documents are: a version, and the digest of each. It is the payload of the JWS (ES256, chain in
 * `x5c`, the signer CN=configuration) on `desired/set`. The documents themselves lie beside it in plain JSON and are
 * believed by their digests, so that one signature holds the whole set together.
 */
export const DesiredSet = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  kind: Type.Literal('desired-set'),
  site: SiteId,
  unit: UnitId,
  version: ConfigurationVersion,
  /** Counts up within a version: told again with passwords sealed anew, or since a person asks to try once more. */
  attempt: ConfigurationVersion,
  /** When it was made. */
  at: UtcTime,
  documents: Type.Object(
    Object.fromEntries(DESIRED_DOCUMENTS.map((name) => [name, Digest])) as Record<DesiredDocument, typeof Digest>, // the keys are exactly the documents
  ),
})
export type DesiredSet = Type.Static<typeof DesiredSet>
/** Of the payload of a JWS whose signature has been verified. */
export const decodeDesiredSet = jsonDecoder(DesiredSet)
