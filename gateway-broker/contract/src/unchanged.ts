import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { envelope } from './envelope.ts'
import { CameraId, ItemId, PresetId } from './ids.ts'
import { seenView } from './seen-view.ts'

/**
 * The camera was asked at `at`, and its picture does not differ from that of `frame` in anything that a person would
 * see. Sent instead of a frame, in class telemetry: the view counts as seen at `at`, and its picture stays the one of
 * `frame`. A receipt settles it like any item.
 */
export const Unchanged = Type.Object({
  ...envelope,
  kind: Type.Literal('unchanged'),
  camera: CameraId,
  preset: PresetId,
  /** The frame, of the same unit and view, that still shows what is there. */
  frame: ItemId,
  ...seenView,
})
export type Unchanged = Type.Static<typeof Unchanged>
export const decodeUnchanged = jsonDecoder(Unchanged)
