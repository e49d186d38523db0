/**
 * MQTT 3.1.1 packets, byte by byte, for what no client library sends: packets in one piece, before an answer, or wrong.
 */
export function connectPacket(clientId: string, { clean = true, keepaliveS = 60 } = {}): Buffer {
  const protocol = Buffer.from([0, 4, ...Buffer.from('MQTT'), 4])
  const cleanSession = clean ? 0x02 : 0
  return packet(
    0x10,
    Buffer.concat([protocol, Buffer.from([cleanSession, keepaliveS >> 8, keepaliveS & 0xff]), text(clientId)]),
  )
}

export function subscribePacket(filters: readonly string[], qos: 0 | 1 = 0): Buffer {
  const packetId = Buffer.from([0, 2])
  return packet(0x82, Buffer.concat([packetId, ...filters.flatMap((filter) => [text(filter), Buffer.from([qos])])]))
}

export function publishPacket(topic: string, payload: string, { qos = 0, retain = false } = {}): Buffer {
  const packetId = qos > 0 ? Buffer.from([0, 1]) : Buffer.alloc(0)
  return packet(0x30 + qos * 2 + Number(retain), Buffer.concat([text(topic), packetId, Buffer.from(payload)]))
}

/** A fixed header and a body; the length as MQTT 3.1.1 §2.2.3 writes it. */
export function packet(first: number, body: Uint8Array): Buffer {
  const header = [first]
  let rest = body.byteLength
  do {
    header.push((rest % 128) + (rest >= 128 ? 128 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.concat([Buffer.from(header), body])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}
