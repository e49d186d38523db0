import Type from 'typebox'
import { closed } from '../closed.ts'

const coil = (description: string) => Type.Integer({ minimum: 0, maximum: 63, description: `Output: ${description}` })
const input = (description: string) => Type.Integer({ minimum: 0, maximum: 63, description: `Input: ${description}` })
const atRest = (description: string) =>
  Type.Optional(Type.Union([Type.Literal('closed'), Type.Literal('open')], { description }))

/**
 * A is the way of a lane that has one, and the way in of a lane that has both; B is the other. Numbers count from 0, as the
 * board's own addresses do.
 */
export const LaneWiring = closed(
  {
    pulseA: coil('lets one person through by A'),
    pulseB: Type.Optional(coil('lets one person through by B')),
    passA: input('somebody went through by A'),
    passB: Type.Optional(input('somebody went through by B')),
    ready: input('the arm is at rest and takes an order'),
    alarm: input('the tripod says that it has a fault'),
    fire: input('the loop of the fire detection'),
    green: Type.Optional(coil('green light')),
    red: Type.Optional(coil('red light')),
    sound: Type.Optional(coil('buzzer')),
    atRest: Type.Optional(
      closed(
        {
          pass: atRest('Absent: closed, the relays are energised at rest, so that loss of power is seen as such'),
          ready: atRest('`ready` while the arm takes an order. Absent: closed'),
          alarm: atRest('Absent: closed, so that a cut wire is an alarm'),
          fire: atRest('Absent: closed, so that a cut wire is a fire'),
        },
        'How each contact is when nothing happens',
      ),
    ),
  },
  'Which contact of the board is what',
)
export type LaneWiring = Type.Static<typeof LaneWiring>

const time = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }))

export const LaneTimings = closed(
  {
    pulseMs: time(100, 2_000, 'The order to let one person through. Absent: 500 ms'),
    grantS: time(3, 60, 'How long the tripod waits for a person. Absent: 5 s'),
    wideGrantS: time(5, 120, 'The same of a wide wicket. Absent: 15 s'),
    longS: time(3, 60, 'A rotation that lasts longer is told. Absent: 10 s'),
    stuckS: time(10, 300, 'One that lasts longer than this is a fault. Absent: 30 s'),
  },
  'As the tripod itself is set; what is absent is as tripods come from the factory',
)
export type LaneTimings = Type.Static<typeof LaneTimings>
