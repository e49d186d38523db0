import { createHash, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'
import Type from 'typebox'
import { FRAME_HEADER_MAX_BYTES, PICTURE_MAX_BYTES, PICTURE_MAX_SIDE_PX } from './bounds.ts'
import { type Decoded, jsonDecoder, refused } from './decode.ts'
import { envelope } from './envelope.ts'
import { CameraId, KeyId, PresetId, SiteId } from './ids.ts'
import { seenView } from './seen-view.ts'

/** Everything that is known of a frame but its pixels. The unit signs exactly these bytes; they name the picture's hash. */
export const FrameHeader = Type.Object({
  ...envelope,
  kind: Type.Literal('frame'),
  site: SiteId,
  camera: CameraId,
  preset: PresetId,
  widthPx: Type.Integer({ minimum: 1, maximum: PICTURE_MAX_SIDE_PX }),
  heightPx: Type.Integer({ minimum: 1, maximum: PICTURE_MAX_SIDE_PX }),
  /** Length of the JPEG in bytes. */
  bytes: Type.Integer({ minimum: 1, maximum: PICTURE_MAX_BYTES }),
  /** SHA-256 of the JPEG, lower-case hexadecimal. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** The version of the mask document that was drawn into the picture. */
  maskVersion: Type.Integer({ minimum: 1 }),
  /** The key that signs. */
  key: KeyId,
  ...seenView,
  /** What the unit doubts of the picture, in codes of its picture checks (`picture-blurred`); absent: nothing. */
  doubts: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }), { maxItems: 8 })),
})
export type FrameHeader = Type.Static<typeof FrameHeader>

/** A frame as it came over the wire: sound in form, its signature not yet judged. */
export type FrameMessage = {
  header: FrameHeader
  /** The header's bytes as the unit signed them; encoding the header again might order its fields differently. */
  headerBytes: Uint8Array
  signature: Uint8Array
  /** The JPEG. */
  picture: Uint8Array
}

/*
 * The layout: "VGF1" | header length, u32 big-endian | header, JSON in UTF-8 | signature, 64 bytes | JPEG to the end.
 * The signature is ECDSA P-256 with SHA-256 in its fixed-length form (IEEE P1363), so that the JPEG's place is known.
 */
const MAGIC = Buffer.from('VGF1')
const PREFIX_BYTES = 8
export const SIGNATURE_BYTES = 64
const decodeHeader = jsonDecoder(FrameHeader)

/** The hash that a header carries for a picture. */
export const pictureSha256 = (picture: Uint8Array): string => createHash('sha256').update(picture).digest('hex')

/** Signs a header with the unit's P-256 key and puts the frame message together. */
export function sealFrame(header: FrameHeader, picture: Uint8Array, unitKey: KeyObject): Uint8Array {
  const headerBytes = Buffer.from(JSON.stringify(header))
  const prefix = Buffer.alloc(PREFIX_BYTES)
  MAGIC.copy(prefix)
  prefix.writeUInt32BE(headerBytes.byteLength, MAGIC.byteLength)
  const signature = sign('sha256', headerBytes, { key: unitKey, dsaEncoding: 'ieee-p1363' })
  return Buffer.concat([prefix, headerBytes, signature, picture])
}

/** Takes a frame message apart: bounded, its header decoded, its lengths consistent. Copies nothing; never throws. */
export function decodeFrame(message: Uint8Array): Decoded<FrameMessage> {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  if (bytes.byteLength < PREFIX_BYTES || !bytes.subarray(0, MAGIC.byteLength).equals(MAGIC)) {
    return refused('not-a-frame', 'does not start with VGF1')
  }
  const headerLength = bytes.readUInt32BE(MAGIC.byteLength)
  if (headerLength > FRAME_HEADER_MAX_BYTES) return refused('header-too-long', `${headerLength} bytes`)
  const signatureAt = PREFIX_BYTES + headerLength
  const pictureAt = signatureAt + SIGNATURE_BYTES
  if (bytes.byteLength <= pictureAt) return refused('length-wrong', 'ends before its picture')
  if (bytes.byteLength - pictureAt > PICTURE_MAX_BYTES) {
    return refused('picture-too-large', `${bytes.byteLength - pictureAt} bytes, at most ${PICTURE_MAX_BYTES}`)
  }
  const headerBytes = bytes.subarray(PREFIX_BYTES, signatureAt)
  const header = decodeHeader(headerBytes)
  if (!header.ok) return header
  const picture = bytes.subarray(pictureAt)
  if (picture.byteLength !== header.value.bytes) {
    return refused('length-wrong', `${picture.byteLength} bytes of picture, ${header.value.bytes} in the header`)
  }
  return {
    ok: true,
    value: { header: header.value, headerBytes, signature: bytes.subarray(signatureAt, pictureAt), picture },
  }
}

/** Whether the unit signed this header and the header names this picture. */
export function isSealIntact(frame: FrameMessage, unitKey: KeyObject): boolean {
  const hash = createHash('sha256').update(frame.picture).digest()
  const named = Buffer.from(frame.header.sha256, 'hex')
  if (!timingSafeEqual(hash, named)) return false
  return verify('sha256', frame.headerBytes, { key: unitKey, dsaEncoding: 'ieee-p1363' }, frame.signature)
}

/** The id of a public or private P-256 key, as headers and births name it. */
export function keyIdOf(publicKeySpki: Uint8Array): KeyId {
  return createHash('sha256').update(publicKeySpki).digest('hex').slice(0, 16) as KeyId // a digest has the pattern of a key id
}
