import Type from 'typebox'
import { Misbehaviour } from './misbehaviour.ts'

const closed = <Properties extends Type.TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

const Share = Type.Number({ minimum: 0, maximum: 1 })

/** A rectangle of a picture, relative: (0, 0) is the top left, (1, 1) the bottom right. */
export const RelativeRectangle = closed({ x: Share, y: Share, width: Share, height: Share })
export type RelativeRectangle = Type.Static<typeof RelativeRectangle>

/** Where the camera stands: it decides the sun, the mountains, the snow. `kind` as in a site document. */
export const CameraSite = closed({
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  altitudeM: Type.Number({ minimum: -10, maximum: 4800 }),
  kind: Type.Union([
    Type.Literal('col'),
    Type.Literal('station'),
    Type.Literal('carrefour'),
    Type.Literal('ville'),
    Type.Literal('tunnel'),
  ]),
})
export type CameraSite = Type.Static<typeof CameraSite>

/** What the sky does, instead of the weather that follows from the seed and the time. */
export const WeatherName = Type.Union([
  Type.Literal('clear'),
  Type.Literal('clouds'),
  Type.Literal('overcast'),
  Type.Literal('rain'),
  Type.Literal('snow'),
  Type.Literal('fog'),
])
export type WeatherName = Type.Static<typeof WeatherName>

/** One simulated camera, as data: a file of these is what `main.ts` is given. */
export const CameraOptions = closed({
  /** Written into the picture in capitals without accents. */
  name: Type.String({ minLength: 1, maxLength: 60 }),
  site: CameraSite,
  /** Two cameras with one seed at one site draw the same picture at one moment. */
  seed: Type.Union([Type.String(), Type.Number()]),
  user: Type.String(),
  password: Type.String(),
  /** Port 0: any free one. */
  listen: closed({ host: Type.String(), port: Type.Integer({ minimum: 0, maximum: 65535 }) }),
  /** PTZ presets, each another view. Default: one, token "1". A camera with one preset has no PTZ service. */
  presets: Type.Optional(Type.Array(closed({ token: Type.String(), name: Type.String() }), { minItems: 1 })),
  /** Default `ws-token`. */
  soapAuth: Type.Optional(Type.Union([Type.Literal('ws-token'), Type.Literal('http-digest'), Type.Literal('none')])),
  /** Default `digest`. */
  pictureAuth: Type.Optional(Type.Union([Type.Literal('digest'), Type.Literal('basic'), Type.Literal('none')])),
  /** What HTTP Digest offers, in this order. Default: MD5 alone, as most cameras. */
  digestAlgorithms: Type.Optional(
    Type.Array(Type.Union([Type.Literal('MD5'), Type.Literal('SHA-256')]), { minItems: 1 }),
  ),
  /** The camera's own overlay: its time and its name. Default true. */
  osd: Type.Optional(Type.Boolean()),
  /** A QR code in the top right corner that says which picture it is. Default false. */
  sceneCode: Type.Optional(Type.Boolean()),
  /** Bright magenta cards that stand for what nobody may see. Default none. */
  testCards: Type.Optional(Type.Array(RelativeRectangle, { maxItems: 8 })),
  weather: Type.Optional(WeatherName),
  /** Serves the JPEGs of a folder in turn instead of drawing. */
  folder: Type.Optional(Type.String()),
  /** JPEG quality. Default 85. */
  quality: Type.Optional(Type.Integer({ minimum: 30, maximum: 100 })),
  /** A picture that is younger than this is given again, as cameras do. Milliseconds; default 2000. */
  pictureKeptMs: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Answers WS-Discovery probes that arrive on the interface with this IPv4 address. Default: none. */
  discoveryAddress: Type.Optional(Type.String()),
  /** Takes misbehaviours at `POST /control`. Default false. */
  control: Type.Optional(Type.Boolean()),
  /** How it behaves from the start. Default: well. */
  behaviour: Type.Optional(Type.Array(Misbehaviour)),
})
export type CameraOptions = Type.Static<typeof CameraOptions>
