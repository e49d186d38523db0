import type { KeyObject } from 'node:crypto'
import type { Envelope } from '@vigie/contract/envelope'
import { type FrameHeader, pictureSha256, sealFrame } from '@vigie/contract/frame'
import type { CameraId, KeyId, PresetId, SiteId } from '@vigie/contract/ids'
import type { ProcessedFrame } from './frame-pipeline.ts'

/** The key that signs a unit's frames, and the name by which the cloud knows it. */
export type UnitKey = { id: KeyId; privateKey: KeyObject }

/** Where a frame was taken. */
export type FrameView = { site: SiteId; camera: CameraId; preset: PresetId }

/**
 * Writes the header of a frame and seals both with the unit's key: the bytes that are kept and sent.
 * @param intervalS seconds to the next planned capture; without it the site document's interval is believed
 */
export function sealProcessedFrame(
  frame: ProcessedFrame,
  { envelope, view, key, intervalS }: { envelope: Envelope; view: FrameView; key: UnitKey; intervalS?: number },
): Uint8Array {
  const header: FrameHeader = {
    ...envelope,
    kind: 'frame',
    ...view,
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
    bytes: frame.jpeg.byteLength,
    sha256: pictureSha256(frame.jpeg),
    maskVersion: frame.maskVersion,
    key: key.id,
    ...(intervalS !== undefined && { intervalS }),
  }
  return sealFrame(header, frame.jpeg, key.privateKey)
}
