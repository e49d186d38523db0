import Type from 'typebox'
import { Compile } from 'typebox/compile'

/** What the gateway needs of the lane document of its site: the rest of it is for the boxes that drive the lanes. */
const PlannedLanes = Type.Object({
  lanes: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Type.Optional(Type.String()),
      /** The box that drives it. */
      unit: Type.Optional(Type.String()),
      kind: Type.Optional(Type.Union([Type.Literal('tripod'), Type.Literal('wide')])),
      direction: Type.Optional(Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('both')])),
    }),
  ),
})
const isPlanned = Compile(PlannedLanes)

export type LaneDocument = Type.Static<typeof PlannedLanes>['lanes']

/** Reads it leniently: a document of a later version still gives the names of its lanes. */
export function readLaneDocument(bytes: Uint8Array): LaneDocument | null {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isPlanned.Check(document) ? document.lanes : null
  } catch {
    return null
  }
}
