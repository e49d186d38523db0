/**
 * Base45 of RFC 9285: two bytes in three characters of the alphanumeric alphabet of QR codes. Twenty lines that are fixed
 * for good; the packages that do it bring a Node Buffer into the browser.
 */
export const BASE45_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

export function encodeBase45(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const [high = 0, low] = [bytes[at], bytes[at + 1]]
    const value = low === undefined ? high : high * 256 + low
    text += character(value % 45) + character(Math.floor(value / 45) % 45)
    if (low !== undefined) text += character(Math.floor(value / 2025))
  }
  return text
}

/** Null for what `encodeBase45` would never give: another character, a length or a value that no bytes have. */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0))
  for (let at = 0, out = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((one) => BASE45_ALPHABET.indexOf(one))
    if (digits.includes(-1)) return null
    const [units = 0, tens = 0, hundreds] = digits
    const value = units + tens * 45 + (hundreds ?? 0) * 2025
    if (value > (hundreds === undefined ? 0xff : 0xffff)) return null
    if (hundreds !== undefined) bytes[out++] = value >> 8
    bytes[out++] = value & 0xff
  }
  return bytes
}

const character = (digit: number): string => BASE45_ALPHABET.charAt(digit)
