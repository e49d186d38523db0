/*
 * The few shapes of DER (X.690) that are written by hand here; everything larger is @peculiar/x509's.
 */

const tagged = (tag: number, content: Uint8Array): Buffer => {
  const { length } = content
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

/** Up to 65,535 bytes of content, as all of these. */
export const sequence = (...parts: Uint8Array[]): Buffer => tagged(0x30, Buffer.concat(parts))
export const setOf = (...parts: Uint8Array[]): Buffer => tagged(0x31, Buffer.concat(parts))
export const octets = (bytes: Uint8Array): Buffer => tagged(0x04, bytes)
export const nothing = (): Buffer => tagged(0x05, Buffer.alloc(0))

/** A whole number that is not negative, in as few bytes as hold its sign too. */
export function integer(value: number | bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return tagged(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}

/** From its dotted spelling; the first two arcs share a byte, the others take seven bits to a byte. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...arcs].flatMap((arc) => {
    const septets = [arc & 0x7f]
    for (let rest = arc >>> 7; rest > 0; rest >>>= 7) septets.unshift((rest & 0x7f) | 0x80)
    return septets
  })
  return tagged(0x06, Buffer.from(bytes))
}
