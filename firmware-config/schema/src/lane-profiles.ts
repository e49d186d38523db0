import Type from 'typebox'
import { closed } from './closed.ts'

const named = {
  id: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }),
  maker: Type.String({ minLength: 1, maxLength: 80 }),
  model: Type.String({ minLength: 1, maxLength: 80 }),
  source: Type.String({
    minLength: 1,
    maxLength: 400,
    description: 'Where this was learnt; a measurement has its date',
  }),
}

/** What is peculiar to a reader of tickets. One file in firmware-config/profiles/readers, named `<id>.json`. */
export const ReaderProfile = closed({
  ...named,
  serial: closed({
    baud: Type.Integer({ minimum: 300, maximum: 921_600 }),
    dataBits: Type.Union([Type.Literal(7), Type.Literal(8)]),
    parity: Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')]),
    stopBits: Type.Union([Type.Literal(1), Type.Literal(2)]),
  }),
  /** What ends a scan. A leading LF on the next one is dropped in any case. */
  ends: Type.Union([Type.Literal('cr'), Type.Literal('lf')]),
})
export type ReaderProfile = Type.Static<typeof ReaderProfile>

/** What is peculiar to a board of inputs and outputs. One file in firmware-config/profiles/boards, named `<id>.json`. */
export const BoardProfile = closed({
  ...named,
  protocol: Type.Union([Type.Literal('modbus-tcp'), Type.Literal('modbus-rtu')]),
  /** Coils that close the tripod's contact, and discrete inputs that hear of a passage and of the fire contact. */
  outputs: Type.Integer({ minimum: 1, maximum: 64 }),
  inputs: Type.Integer({ minimum: 0, maximum: 64 }),
  /** False: it opens and hears nothing, so that a lane with it counts decisions and never passages. */
  confirmsPassage: Type.Boolean(),
})
export type BoardProfile = Type.Static<typeof BoardProfile>
