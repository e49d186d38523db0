import Type from 'typebox'
import { PREVIEW_HEADER_MAX_BYTES, PREVIEW_PICTURE_MAX_BYTES, PREVIEW_WIDTH_MAX_PX } from './bounds.ts'
import { type Decoded, jsonDecoder, refused } from './decode.ts'
import { envelope } from './envelope.ts'
import { CameraId, ItemId } from './ids.ts'

const Side = Type.Integer({ minimum: 1, maximum: PREVIEW_WIDTH_MAX_PX })

/**
 * What is known of a preview. It is no frame: unsigned, coarse, for the one who asked and for the moment. It is not
 * kept on the unit, not stored by the cloud, and nobody sends it again.
 */
export const PreviewHeader = Type.Object({
  ...envelope,
  kind: Type.Literal('preview'),
  /** The look or the search that it belongs to. */
  command: ItemId,
  camera: CameraId,
  widthPx: Side,
  heightPx: Side,
})
export type PreviewHeader = Type.Static<typeof PreviewHeader>
export type Preview = { header: PreviewHeader; picture: Uint8Array }

/* The layout: "VGP1" | header length, u32 big-endian | header, JSON in UTF-8 | JPEG to the end. */
const MAGIC = Buffer.from('VGP1')
const PREFIX_BYTES = 8
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff])
const decodeHeader = jsonDecoder(PreviewHeader)

export function encodePreview({ header, picture }: Preview): Uint8Array {
  const headerBytes = Buffer.from(JSON.stringify(header))
  const prefix = Buffer.alloc(PREFIX_BYTES)
  MAGIC.copy(prefix)
  prefix.writeUInt32BE(headerBytes.byteLength, MAGIC.byteLength)
  return Buffer.concat([prefix, headerBytes, picture])
}

/** Takes a preview apart: bounded, its header decoded, its picture beginning as a JPEG. Copies nothing; never throws. */
export function decodePreview(message: Uint8Array): Decoded<Preview> {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  if (bytes.byteLength < PREFIX_BYTES || !bytes.subarray(0, MAGIC.byteLength).equals(MAGIC)) {
    return refused('not-a-preview', 'does not start with VGP1')
  }
  const headerLength = bytes.readUInt32BE(MAGIC.byteLength)
  if (headerLength > PREVIEW_HEADER_MAX_BYTES) return refused('header-too-long', `${headerLength} bytes`)
  const picture = bytes.subarray(PREFIX_BYTES + headerLength)
  if (picture.byteLength > PREVIEW_PICTURE_MAX_BYTES) {
    return refused('picture-too-large', `${picture.byteLength} bytes, at most ${PREVIEW_PICTURE_MAX_BYTES}`)
  }
  if (!picture.subarray(0, JPEG_START.byteLength).equals(JPEG_START)) {
    return refused('not-a-preview', 'does not end in a JPEG')
  }
  const header = decodeHeader(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerLength))
  return header.ok ? { ok: true, value: { header: header.value, picture } } : header
}
