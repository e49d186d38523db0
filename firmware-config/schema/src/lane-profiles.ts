import Type from 'typebox'
import { closed } from './closed.ts'

const named = {
  id: Type.String({ pattern: '^[a-z0-9-]{1,60}$', description: 'As its file is named, and lanes name it' }),
  maker: Type.String({ minLength: 1, maxLength: 80, description: 'Who makes it' }),
  model: Type.String({ minLength: 1, maxLength: 80, description: 'As it stands on the device' }),
  source: Type.String({
    minLength: 1,
    maxLength: 400,
    description: 'Where this was learnt; a measurement has its date',
  }),
}

export const SerialSettings = closed(
  {
    baud: Type.Integer({ minimum: 300, maximum: 921_600, description: 'Bits a second' }),
    dataBits: Type.Union([Type.Literal(7), Type.Literal(8)], { description: 'Bits of a character' }),
    parity: Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')], {
      description: 'The bit after them',
    }),
    stopBits: Type.Union([Type.Literal(1), Type.Literal(2)], { description: 'Bits between two characters' }),
  },
  'How its serial line is set',
)
export type SerialSettings = Type.Static<typeof SerialSettings>

const usbNumber = (description: string) => Type.String({ pattern: '^[0-9a-f]{4}$', description })
export const UsbIdentity = closed(
  {
    vendor: usbNumber('Number of the vendor: four lower-case hexadecimal digits, as the kernel writes them'),
    product: Type.Optional(usbNumber('Number of the product, written likewise. Absent: any product of the vendor')),
  },
  'By what it is found where no port is named, and again when it was plugged in elsewhere',
)
export type UsbIdentity = Type.Static<typeof UsbIdentity>

export const ScanEnd = Type.Union(
  [Type.Literal('cr'), Type.Literal('lf'), Type.Literal('crlf'), Type.Literal('etx'), Type.Literal('silence')],
  { description: 'What ends a scan: a character, CR LF, or 60 ms in which nothing comes' },
)
export type ScanEnd = Type.Static<typeof ScanEnd>

const hexBytes = (description: string) => Type.String({ pattern: '^(?:[0-9A-F]{2}){1,16}$', description })

export const ReaderProfile = closed(
  {
    ...named,
    serial: SerialSettings,
    ends: ScanEnd,
    usb: Type.Optional(UsbIdentity),
    trigger: Type.Optional(
      closed(
        { on: hexBytes('Begins a reading; bytes in hexadecimal'), off: hexBytes('Ends it') },
        'Of models that take such orders. Absent: it reads by itself',
      ),
    ),
  },
  'What is peculiar to a reader of tickets. One file in firmware-config/profiles/readers, named `<id>.json`',
)
export type ReaderProfile = Type.Static<typeof ReaderProfile>

export const BoardProfile = closed(
  {
    ...named,
    protocol: Type.Union([Type.Literal('modbus-tcp'), Type.Literal('modbus-rtu')], {
      description: 'Over a network, or over a serial line',
    }),
    serial: Type.Optional(SerialSettings),
    outputs: Type.Integer({ minimum: 1, maximum: 64, description: "Coils, which close the tripod's contacts" }),
    inputs: Type.Integer({
      minimum: 0,
      maximum: 64,
      description: 'Discrete inputs, which hear of a passage and of the fire contact',
    }),
    pulse: Type.Optional(
      closed(
        {
          base: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Function 05 at this address plus the coil' }),
          unitMs: Type.Integer({ minimum: 1, maximum: 1_000, description: 'Its length is said in units of this' }),
        },
        'A pulse that the board times itself. Absent: the agent switches on and off, and one that is killed in between, or whose line is cut, leaves the contact closed and the arm open until it reaches the board again, when it opens the contact first; a board that can open its outputs when nobody asks for a second should be set so',
      ),
    ),
    counts: Type.Optional(
      closed(
        {
          register: Type.Integer({
            minimum: 0,
            maximum: 65_535,
            description: 'Function 04 from this address on: two registers an input, the high word first',
          }),
        },
        'It counts how often each PASS contact came back to rest, so that none is lost between two polls or with the line. Both PASS contacts are wired then, by which loss of power is told from a passage. Absent: PASS is seen while it lasts',
      ),
    ),
    confirmsPassage: Type.Boolean({
      description: 'False: it opens and hears nothing, so that a lane with it counts decisions and never passages',
    }),
  },
  'What is peculiar to a board of inputs and outputs. One file in firmware-config/profiles/boards, named `<id>.json`',
)
export type BoardProfile = Type.Static<typeof BoardProfile>
