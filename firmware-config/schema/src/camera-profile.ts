import Type from 'typebox'

const closed = <Properties extends Type.TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

/** The video stream of a model that has no still pictures. ffmpeg must be installed on the unit. */
export const CameraStream = closed({
  /** `/main`: known without asking. Absent: as the camera says itself (GetStreamUri). */
  path: Type.Optional(Type.String({ pattern: '^/[!-~]{0,200}$' })),
  /** With `path`. Absent: 554, or 322 with TLS. */
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  /** With `path`: RTSP over TLS. */
  tls: Type.Optional(Type.Boolean()),
})
export type CameraStream = Type.Static<typeof CameraStream>

/** How a head turns. */
export const CameraTurning = closed({
  /** For a model that does not tell whether it moves: how long its longest way takes, in milliseconds. Absent: 8 s. */
  blindWaitMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
  /** From standing still to a sharp and rightly exposed picture, in milliseconds. Absent: none. */
  settleMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 20_000 })),
})
export type CameraTurning = Type.Static<typeof CameraTurning>

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
    /** By day 95 of 100 pixels are darker than this, of 255: black. */
    darkP95: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    /** This share of the pixels is white: over-exposed. */
    whiteShare: Type.Optional(Share),
    /** Of what can be told apart, less than this share has a sharp edge: blurred. */
    abruptShare: Type.Optional(Share),
    /** So many pictures in a row do not differ in one pixel: frozen. */
    frozenAfter: Type.Optional(Type.Integer({ minimum: 3, maximum: 1000 })),
    /** The view lies this share of the picture's side away from where it was: moved. */
    movedShare: Type.Optional(Share),
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
    /** `digest`: the password is never said in clear, even to one that asks for it so. Absent: as the camera asks. */
    auth: Type.Optional(Type.Union([Type.Literal('any'), Type.Literal('digest')])),
    /** Pictures are taken from its video stream instead of its still pictures. */
    rtsp: Type.Optional(CameraStream),
    turning: Type.Optional(CameraTurning),
    checks: Type.Optional(CameraChecks),
    /** Where this was learnt: a data sheet, a measurement with its date. */
    source: Type.String({ minLength: 1, maxLength: 400 }),
  },
  { additionalProperties: false },
)
export type CameraProfile = Type.Static<typeof CameraProfile>
