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

export const SerialSettings = closed({
  baud: Type.Integer({ minimum: 300, maximum: 921_600 }),
  dataBits: Type.Union([Type.Literal(7), Type.Literal(8)]),
  parity: Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')]),
  stopBits: Type.Union([Type.Literal(1), Type.Literal(2)]),
})
export type SerialSettings = Type.Static<typeof SerialSettings>

/** As the kernel writes them: four lower-case hexadecimal digits. */
const UsbNumber = Type.String({ pattern: '^[0-9a-f]{4}$' })
export const UsbIdentity = closed({ vendor: UsbNumber, product: Type.Optional(UsbNumber) })
export type UsbIdentity = Type.Static<typeof UsbIdentity>

/** What ends a scan: a character, CR LF, or 60 ms in which nothing comes. */
export const ScanEnd = Type.Union([
  Type.Literal('cr'),
  Type.Literal('lf'),
  Type.Literal('crlf'),
  Type.Literal('etx'),
  Type.Literal('silence'),
])
export type ScanEnd = Type.Static<typeof ScanEnd>

const HexBytes = Type.String({ pattern: '^(?:[0-9A-F]{2}){1,16}$' })

/** What is peculiar to a reader of tickets. One file in firmware-config/profiles/readers, named `<id>.json`. */
export const ReaderProfile = closed({
  ...named,
  serial: SerialSettings,
  ends: ScanEnd,
  /** By what it is found where no port is named, and again when it was plugged in elsewhere. */
  usb: Type.Optional(UsbIdentity),
  /** The bytes that begin and end a reading, of models that take such orders. Absent: it reads by itself. */
  trigger: Type.Optional(closed({ on: HexBytes, off: HexBytes })),
})
export type ReaderProfile = Type.Static<typeof ReaderProfile>

/** What is peculiar to a board of inputs and outputs. One file in firmware-config/profiles/boards, named `<id>.json`. */
export const BoardProfile = closed({
  ...named,
  protocol: Type.Union([Type.Literal('modbus-tcp'), Type.Literal('modbus-rtu')]),
  /** As it comes from the factory; of a board with modbus-rtu. */
  serial: Type.Optional(SerialSettings),
  /** Coils that close the tripod's contact, and discrete inputs that hear of a passage and of the fire contact. */
  outputs: Type.Integer({ minimum: 1, maximum: 64 }),
  inputs: Type.Integer({ minimum: 0, maximum: 64 }),
  /**
   * A pulse that the board times itself: function 05 at `base` plus the coil, with its length in units. Absent: the agent
   * switches on and off, and an agent that ends in between leaves the contact closed until the next one starts.
   */
  pulse: Type.Optional(
    closed({
      base: Type.Integer({ minimum: 0, maximum: 65_535 }),
      unitMs: Type.Integer({ minimum: 1, maximum: 1_000 }),
    }),
  ),
  /** False: it opens and hears nothing, so that a lane with it counts decisions and never passages. */
  confirmsPassage: Type.Boolean(),
})
export type BoardProfile = Type.Static<typeof BoardProfile>
