/** One piece of an RTSP connection (RFC 2326): a request or an answer, or a packet of media between them. */
export type RtspPiece =
  | { kind: 'text'; first: string; headers: [name: string, value: string][]; body: Buffer }
  | { kind: 'packet'; bytes: Buffer }

/** A head has some hundred bytes, a session description some kB. Beyond: not RTSP. */
const HEAD_MAX_BYTES = 16 * 1024
const BODY_MAX_BYTES = 64 * 1024
/** "$", channel, length in two bytes (RFC 2326, §10.12). */
const PACKET_HEAD_BYTES = 4
const DOLLAR = 0x24

/**
 * Takes the whole pieces off the beginning of what has come so far.
 * @returns them, and the bytes of the one that is not whole yet; null when this is no RTSP
 */
export function takePieces(bytes: Buffer): { pieces: RtspPiece[]; rest: Buffer } | null {
  const pieces: RtspPiece[] = []
  let rest = bytes
  while (rest.byteLength > 0) {
    const length = rest[0] === DOLLAR ? packetLength(rest) : textLength(rest)
    if (length === 'wrong') return null
    if (length === 'unknown' || length > rest.byteLength) break
    const piece = rest.subarray(0, length)
    pieces.push(piece[0] === DOLLAR ? { kind: 'packet', bytes: piece } : textPiece(piece))
    rest = rest.subarray(length)
  }
  return { pieces, rest }
}

export function rtspText({ first, headers, body }: Omit<Extract<RtspPiece, { kind: 'text' }>, 'kind'>): Buffer {
  const lines = [first, ...headers.map(([name, value]) => `${name}: ${value}`)]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

/** The value of a header, several joined by commas; empty when there is none. */
export function headerOf(headers: readonly [string, string][], wanted: string): string {
  const found = headers.filter(([name]) => name.toLowerCase() === wanted.toLowerCase())
  return found.map(([, value]) => value).join(', ')
}

function packetLength(bytes: Buffer): number | 'unknown' {
  return bytes.byteLength < PACKET_HEAD_BYTES ? 'unknown' : PACKET_HEAD_BYTES + bytes.readUInt16BE(2)
}

function textLength(bytes: Buffer): number | 'unknown' | 'wrong' {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return bytes.byteLength > HEAD_MAX_BYTES ? 'wrong' : 'unknown'
  if (end > HEAD_MAX_BYTES) return 'wrong'
  const bodyBytes = Number(headerOf(headOf(bytes.subarray(0, end)).headers, 'content-length') || 0)
  if (!Number.isInteger(bodyBytes) || bodyBytes < 0 || bodyBytes > BODY_MAX_BYTES) return 'wrong'
  return end + 4 + bodyBytes
}

function textPiece(bytes: Buffer): RtspPiece {
  const end = bytes.indexOf('\r\n\r\n')
  return { kind: 'text', ...headOf(bytes.subarray(0, end)), body: bytes.subarray(end + 4) }
}

function headOf(bytes: Buffer): { first: string; headers: [string, string][] } {
  const [first = '', ...lines] = bytes.toString('latin1').trimStart().split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(':')
    return at === -1 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  })
  return { first, headers }
}
