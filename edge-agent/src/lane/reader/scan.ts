/** What a reader said. */
export type Scan =
  /** `symbology`: the two characters of its AIM identifier (ISO/IEC 15424), where the reader gives one: `Q1` is a QR code. */
  | { ok: true; text: string; symbology: string | null }
  /** Never shown and never looked up. `safe`: how it began, as plain ASCII. */
  | { ok: false; why: 'control-characters' | 'too-long'; safe: string }

const AIM = /^\]([A-Za-z][0-9A-Za-z])/

/** An extended channel interpretation that the reader tells instead of following it: `\000026` is UTF-8. */
const ECI_FIRST = /^(?:\\\d{6})+/
const ECI_ANYWHERE = /\\\d{6}/g

/** Modifiers of QR that announce ECIs, which may then stand anywhere (ISO/IEC 18004). */
const TELLS_ECI: ReadonlySet<string> = new Set(['Q2', 'Q4', 'Q6'])

/** Enough to recognise a reader's own message, too little to be a ticket. */
const SAFE_MAX = 24

/** Makes a scan of the bytes between two ends. A space at its end stays: base45 has a meaning for it. */
export function readScan(bytes: Uint8Array): Scan {
  if (!bytes.every(isPrintable)) return { ok: false, why: 'control-characters', safe: safeForm(bytes) }
  const whole = Buffer.from(bytes).toString('latin1')
  const symbology = AIM.exec(whole)?.[1] ?? null
  const marked = symbology === null ? whole : whole.slice(symbology.length + 1)
  const eci = symbology !== null && TELLS_ECI.has(symbology) ? ECI_ANYWHERE : ECI_FIRST
  return { ok: true, text: marked.replace(eci, ''), symbology }
}

const isPrintable = (byte: number) => byte >= 0x20 && byte < 0x7f

/** No byte of it moves a cursor, rings a bell or ends a line. */
export function safeForm(bytes: Uint8Array): string {
  const form = Array.from(bytes.subarray(0, SAFE_MAX), (byte) =>
    isPrintable(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  )
  return form.join('') + (bytes.length > SAFE_MAX ? '...' : '')
}

/** The shortest barcode of any seller has more; what a worn label gives has less. */
const TICKET_MIN_CHARACTERS = 6

/** Also the codes of things for sale (EAN and UPC, AIM identifier E): somebody holds a bottle in front of the reader. */
export const isNoise = ({ text, symbology }: Extract<Scan, { ok: true }>): boolean =>
  text.length < TICKET_MIN_CHARACTERS || symbology?.startsWith('E') === true
