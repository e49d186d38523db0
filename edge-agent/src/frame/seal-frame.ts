import type { KeyObject } from 'node:crypto'
import type { Envelope } from '@vigie/contract/envelope'
import { type FrameHeader, pictureSha256, sealFrame } from '@vigie/contract/frame'
import type { CameraId, KeyId, PresetId, SiteId } from '@vigie/contract/ids'
import type { ProcessedFrame } from './frame-pipeline.ts'

/** The key that signs a unit's frames, and the name by which the cloud knows it. */
export type UnitKey = { id: KeyId; privateKey: KeyObject }

/** Where a frame was taken. */
export type FrameView = { site: SiteId; camera: CameraId; preset: PresetId }

export type Sealing = {
  envelope: Envelope
  view: FrameView
  key: UnitKey
  /** Seconds to the next planned capture; without it the site document's interval is believed. */
  intervalS?: number
  /** What the unit's picture checks doubt. */
  doubts?: readonly string[]
}

/** Writes the header of a frame and seals both with the unit's key: the bytes that are kept and sent. */
export function sealProcessedFrame(
  frame: Omit<ProcessedFrame, 'detail'>,
  { envelope, view, key, intervalS, doubts = [] }: Sealing,
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
    ...(doubts.length > 0 && { doubts: [...doubts] }),
  }
  return sealFrame(header, frame.jpeg, key.privateKey)
}
