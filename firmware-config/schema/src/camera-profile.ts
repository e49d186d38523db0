import Type from 'typebox'

const Share = Type.Number({ minimum: 0, maximum: 1 })

/** A part of a picture: (0, 0) is the top left, (1, 1) the bottom right, whatever its size. */
export const RelativeRectangle = Type.Object(
  { x: Share, y: Share, width: Share, height: Share },
  { additionalProperties: false },
)
export type RelativeRectangle = Type.Static<typeof RelativeRectangle>

/** How a unit looks at the pictures of this model, before it sends them. */
export const CameraChecks = Type.Object(
  {
    /** Where the camera writes its clock and its name: what changes there is no news of the road. */
    overlays: Type.Optional(Type.Array(RelativeRectangle, { maxItems: 8 })),
  },
  { additionalProperties: false },
)
export type CameraChecks = Type.Static<typeof CameraChecks>

/** What is peculiar to a camera model. One file in firmware-config/profiles/cameras, named `<id>.json`. */
export const CameraProfile = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }),
    maker: Type.String({ minLength: 1, maxLength: 80 }),
    model: Type.String({ minLength: 1, maxLength: 80 }),
    /** Which ONVIF client speaks to it. `onvif` unless a model answers only the other. */
    client: Type.Union([Type.Literal('onvif'), Type.Literal('node-onvif')]),
    /** From the request of a picture to its last byte, in milliseconds. */
    answerWithinMs: Type.Integer({ minimum: 500, maximum: 60_000 }),
    checks: Type.Optional(CameraChecks),
    /** Where this was learnt: a data sheet, a measurement with its date. */
    source: Type.String({ minLength: 1, maxLength: 400 }),
  },
  { additionalProperties: false },
)
export type CameraProfile = Type.Static<typeof CameraProfile>
