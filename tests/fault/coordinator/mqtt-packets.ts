/** The kinds of MQTT 3.1.1 packets that a proxy looks at; the type is the upper half of the first byte. */
const PUBLISH = 3

/** A message without acknowledgement, whose order and number MQTT itself promises nothing about. */
export const isPlainPublish = (packet: Uint8Array): boolean => {
  const [first = 0] = packet
  return first >> 4 === PUBLISH && (first & 0b110) === 0
}

/** Cuts a stream of bytes into MQTT packets, each whole, whatever pieces it comes in. */
export function createPacketCutter(): (piece: Uint8Array) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  return (piece) => {
    rest = Buffer.concat([rest, piece])
    const packets: Buffer[] = []
    for (let length = lengthOfFirst(rest); length !== null; length = lengthOfFirst(rest)) {
      packets.push(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    return packets
  }
}

/** The length of the packet that begins here, its fixed header included; null when it is not all there. See §2.2.3. */
function lengthOfFirst(bytes: Uint8Array): number | null {
  let body = 0
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[1 + digit]
    if (byte === undefined) return null
    body += (byte & 0x7f) * 128 ** digit
    if (byte < 0x80) {
      const length = 2 + digit + body
      return bytes.byteLength >= length ? length : null
    }
  }
  throw new Error('this is not MQTT: the length has more than four digits')
}
