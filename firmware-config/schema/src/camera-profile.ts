import Type from 'typebox'
import { closed } from './closed.ts'

export const CameraStream = closed(
  {
    path: Type.Optional(
      Type.String({
        pattern: '^/[!-~]{0,200}$',
        description: '`/main`: known without asking. Absent: as the camera says itself (GetStreamUri)',
      }),
    ),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65_535, description: 'With `path`. Absent: 554, or 322 with TLS' }),
    ),
    tls: Type.Optional(Type.Boolean({ description: 'With `path`: RTSP over TLS' })),
  },
  'Pictures are taken from its video stream instead of its still pictures. ffmpeg must be installed on the unit',
)
export type CameraStream = Type.Static<typeof CameraStream>

export const CameraTurning = closed(
  {
    blindWaitMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 60_000,
        description: 'For a model that does not tell whether it moves: how long its longest way takes. Absent: 8 s',
      }),
    ),
    settleMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 20_000,
        description: 'From standing still to a sharp and rightly exposed picture. Absent: none',
      }),
    ),
  },
  'How a head turns',
)
export type CameraTurning = Type.Static<typeof CameraTurning>

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

export const RelativeRectangle = closed(
  { x: share('Its left'), y: share('Its top'), width: share('Its width'), height: share('Its height') },
  'A part of a picture: (0, 0) is the top left, (1, 1) the bottom right, whatever its size',
)
export type RelativeRectangle = Type.Static<typeof RelativeRectangle>

export const CameraChecks = closed(
  {
    overlays: Type.Optional(
      Type.Array(RelativeRectangle, {
        maxItems: 8,
        description: 'Where the camera writes its clock and its name: what changes there is no news of the road',
      }),
    ),
    darkP95: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 255,
        description: 'By day 95 of 100 pixels are darker than this, of 255: black',
      }),
    ),
    whiteShare: Type.Optional(share('This share of the pixels is white: over-exposed')),
    abruptShare: Type.Optional(share('Of what can be told apart, less than this share has a sharp edge: blurred')),
    frozenAfter: Type.Optional(
      Type.Integer({
        minimum: 3,
        maximum: 1000,
        description: 'So many pictures in a row do not differ in one pixel: frozen',
      }),
    ),
    movedShare: Type.Optional(share("The view lies this share of the picture's side away from where it was: moved")),
  },
  'How a unit looks at the pictures of this model, before it sends them',
)
export type CameraChecks = Type.Static<typeof CameraChecks>

export const CameraProfile = closed(
  {
    id: Type.String({ pattern: '^[a-z0-9-]{1,60}$', description: 'As its file is named, and cameras name it' }),
    maker: Type.String({ minLength: 1, maxLength: 80, description: 'Who makes it' }),
    model: Type.String({ minLength: 1, maxLength: 80, description: 'As it stands on the camera' }),
    client: Type.Union([Type.Literal('onvif'), Type.Literal('node-onvif')], {
      description: 'Which ONVIF client speaks to it: onvif, unless a model answers only the other',
    }),
    answerWithinMs: Type.Integer({
      minimum: 500,
      maximum: 60_000,
      description: 'From the request of a picture to its last byte',
    }),
    auth: Type.Optional(
      Type.Union([Type.Literal('any'), Type.Literal('digest')], {
        description:
          'digest: the password is never said in clear, even to one that asks for it so. Absent: as the camera asks',
      }),
    ),
    rtsp: Type.Optional(CameraStream),
    turning: Type.Optional(CameraTurning),
    checks: Type.Optional(CameraChecks),
    source: Type.String({
      minLength: 1,
      maxLength: 400,
      description: 'Where this was learnt: a data sheet, a measurement with its date',
    }),
  },
  'What is peculiar to a camera model. One file in firmware-config/profiles/cameras, named `<id>.json`',
)
export type CameraProfile = Type.Static<typeof CameraProfile>
