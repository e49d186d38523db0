import type { KeyObject } from 'node:crypto'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { FRAME_HEADER_MAX_BYTES } from '@vigie/contract/bounds'
import { decodeFrame, type FrameMessage, isSealIntact } from '@vigie/contract/frame'
import type { RevocationReason } from '@vigie/contract/office'
import type { FrameTopic } from '@vigie/contract/topics'
import { PUBLIC_MS } from '../frames/lifetime.ts'
import { pictureProblem } from '../frames/picture-check.ts'
import type { UnitCertificateStore } from '../store/unit-certificates.ts'
import type { UnitKeyStore } from '../store/unit-keys.ts'
import { deadLetterOf, type Message, type Why } from './message.ts'
import type { Verdict } from './verdict.ts'

/**
 * How far a unit's clock may be ahead of the cloud's. Further, and a frame would stand as the newest of its view long
 * after better ones have come; `freshnessOf` calls stale what is ahead by less.
 */
export const AHEAD_AT_MOST_MS = 5 * 60_000

/**
 * For these reasons a key signs nothing any more that could be believed. One that was replaced, renewed or retired signed
 * honestly what still waits on its disk.
 */
const IN_WRONG_HANDS: readonly RevocationReason[] = ['stolen', 'lost', 'compromised']

/** The keys of units: where they are kept, and how their PEM is read. */
export type Keys = Pick<UnitKeyStore, 'keyOf'> &
  Pick<UnitCertificateStore, 'revocationOf'> & { publicKeyOf(pem: string): KeyObject }

/** Judges a frame whose sender stands at `site`: cheap questions first, its signature and its picture's form last. */
export async function judgeFrame(
  message: Message,
  topic: FrameTopic,
  site: SiteDocument,
  keys: Keys,
): Promise<Verdict> {
  const decoded = decodeFrame(message.payload)
  if (!decoded.ok) {
    const header = frameHeaderIn(message.payload)
    return { what: 'refused', sender: topic, letter: deadLetterOf(message, topic, decoded, header) }
  }
  const frame = decoded.value
  const { header } = frame
  const refuse = (why: Why): Verdict => ({
    what: 'refused',
    sender: topic,
    letter: deadLetterOf(message, topic, why, frame.headerBytes),
  })
  const misplaced = misplacement(frame, topic, site)
  if (misplaced !== null) return refuse(misplaced)

  const capturedAt = Date.parse(header.at)
  if (capturedAt <= message.receivedAt - PUBLIC_MS) return { what: 'expired', sender: topic, id: header.id }
  if (capturedAt > message.receivedAt + AHEAD_AT_MOST_MS) {
    return refuse({ reason: 'time-in-the-future', detail: `${capturedAt - message.receivedAt} ms ahead` })
  }

  const known = await keys.keyOf(header.unit, header.key)
  if (known === undefined) return { what: 'later' }
  const revocation = await keys.revocationOf(header.unit, header.key)
  if (revocation !== null && IN_WRONG_HANDS.includes(revocation)) {
    return refuse({ reason: 'certificate-revoked', detail: revocation })
  }
  if (!isSealIntact(frame, keys.publicKeyOf(known.publicKey))) {
    return refuse({
      reason: 'signature-wrong',
      detail: 'the header is not signed by its key, or names another picture',
    })
  }
  const problem = pictureProblem(frame.picture, header)
  if (problem !== null) return refuse({ reason: 'picture-not-decodable', detail: problem })

  const { id, camera, preset, clock, boot, seq, mono, widthPx, heightPx, bytes, sha256, maskVersion, key } = header
  const { intervalS = null, doubts = [] } = header
  const { site: siteId, unit } = topic
  return {
    what: 'frame',
    sender: topic,
    picture: frame.picture,
    frame: {
      id,
      site: siteId,
      unit,
      camera,
      preset,
      capturedAt,
      clock,
      boot,
      seq,
      mono,
      widthPx,
      heightPx,
      bytes,
      sha256,
      maskVersion,
      key,
      receivedAt: message.receivedAt,
      intervalS,
      doubts: doubts.join(' '),
    },
  }
}

/** Whether header, topic and the site's document speak of the same view, with the masks that a person approved. */
function misplacement({ header }: FrameMessage, topic: FrameTopic, site: SiteDocument): Why | null {
  for (const part of ['site', 'unit', 'camera', 'preset'] as const) {
    if (header[part] !== topic[part]) return { reason: 'topic-and-header-differ', detail: part }
  }
  const preset = site.cameras.find(({ id }) => id === header.camera)?.presets.find(({ id }) => id === header.preset)
  if (preset === undefined) return { reason: 'camera-unknown', detail: 'no such camera or preset in the site document' }
  if (preset.masks?.version !== header.maskVersion) {
    const approved = preset.masks?.version ?? 'none'
    return { reason: 'mask-not-approved', detail: `version ${header.maskVersion}, approved: ${approved}` }
  }
  return null
}

/** Of a frame message, also one that does not decode, what its length field calls the header; it may be anything. */
export function frameHeaderIn(payload: Uint8Array): Uint8Array {
  if (payload.byteLength < HEADER_AT) return new Uint8Array()
  const length = new DataView(payload.buffer, payload.byteOffset).getUint32(HEADER_LENGTH_AT)
  return length > FRAME_HEADER_MAX_BYTES ? new Uint8Array() : payload.subarray(HEADER_AT, HEADER_AT + length)
}

/** The layout of a frame message, in contract/frame.ts. */
const HEADER_LENGTH_AT = 4
const HEADER_AT = 8
