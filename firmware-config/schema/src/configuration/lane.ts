import Type from 'typebox'
import { closed } from '../closed.ts'
import { LaneTimings, LaneWiring } from './lane-wiring.ts'

const ProfileIdText = (of: string) =>
  Type.String({ pattern: '^[a-z0-9-]{1,60}$', description: `Which of firmware-config/profiles/${of} describes it` })

const PortText = Type.Optional(
  Type.String({
    pattern: '^(?:/[\\w./:+@-]{1,200}|tcp://[\\w.-]{1,120}:\\d{1,5})$',
    description:
      'Where it is plugged in: /dev/serial/by-id/..., which outlives another socket; tcp://192.0.2.9:4001 over a network. Absent: found by the USB identity of its profile',
  }),
)

const ReaderAt = (description: string) => closed({ profile: ProfileIdText('readers'), port: PortText }, description)

export const LaneFacts = closed({
  id: Type.String({ pattern: '^[a-z][a-z0-9]{0,15}$', description: 'One passage of the site: passage1' }),
  label: Type.String({ minLength: 1, maxLength: 80, description: 'As visitors know it, in French' }),
  kind: Type.Union([Type.Literal('tripod'), Type.Literal('wide')], {
    description: 'A tripod, or the wide wicket for people with reduced mobility',
  }),
  unit: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$',
      description: "The box that drives it. Absent: the site's own",
    }),
  ),
  direction: Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('both')], {
    description: 'Which way people go through it. Where no lane of a museum leads out, who is inside is an estimate',
  }),
  reader: ReaderAt('Reads the tickets of those who come by A'),
  exitReader: Type.Optional(ReaderAt('Reads the tickets of those who come by B')),
  board: closed(
    {
      profile: ProfileIdText('boards'),
      port: PortText,
      address: Type.Integer({ minimum: 1, maximum: 247, description: 'Its Modbus address' }),
      wiring: LaneWiring,
    },
    'The board that opens the lane and hears of passages',
  ),
  timings: Type.Optional(LaneTimings),
  companion: Type.Optional(
    Type.Boolean({
      description: 'Wide wicket: whoever helps goes through with the ticket of the helped. Absent: each has a ticket',
    }),
  ),
})
export type LaneFacts = Type.Static<typeof LaneFacts>

export const GatewayFacts = closed(
  {
    url: Type.String({
      pattern: '^mqtts?://[\\w.-]{1,120}(?::\\d{1,5})?$',
      description: 'Its broker on the network of the building: mqtts://192.0.2.1:8883',
    }),
    page: Type.Optional(
      Type.String({
        pattern: '^https?://[\\w.-]{1,120}(?::\\d{1,5})?$',
        description:
          'Where the phones of the staff find its page: https://gateway.museum.example:8443. Absent: whoever pairs a phone types it',
      }),
    ),
  },
  'The museum gateway, through which the lanes of one building share what they know. Absent: each by itself',
)

export const LaneDocument = closed(
  {
    lanes: Type.Array(LaneFacts, { maxItems: 8, description: 'Empty at a road site' }),
    gateway: Type.Optional(GatewayFacts),
  },
  'The passages of a museum',
)
export type LaneDocument = Type.Static<typeof LaneDocument>
