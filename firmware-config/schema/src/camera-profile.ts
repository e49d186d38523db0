import Type from 'typebox'

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
    /** Where this was learnt: a data sheet, a measurement with its date. */
    source: Type.String({ minLength: 1, maxLength: 400 }),
  },
  { additionalProperties: false },
)
export type CameraProfile = Type.Static<typeof CameraProfile>
