import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** What a board does with the questions that a lane asks. */
export type BoardContacts = {
  isClosed(input: number): boolean
  /** How often an input came back to rest. */
  countOf(input: number): number
  set(coil: number, isOn: boolean): void
}

/** Modbus messaging on TCP/IP, implementation guide V1.0b: transaction, protocol, length, unit; then function and data. */
const HEADER_BYTES = 7

const [READ_INPUTS, READ_COUNTS, WRITE_COIL, ILLEGAL_FUNCTION] = [0x02, 0x04, 0x05, 0x01]
/** Two input registers a count, the high word first. */
const COUNTS_FROM = 0x10

/** A board on a port of loopback, 0 for a free one: function 02 for its inputs, 04 for its counts and 05 for its relays. */
export async function createModbusTcpBoard(contacts: BoardContacts, port = 0) {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
    let heard = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes])
      while (heard.length >= HEADER_BYTES && heard.length >= 6 + heard.readUInt16BE(4)) {
        const length = 6 + heard.readUInt16BE(4)
        const answer = answerTo(heard.subarray(HEADER_BYTES, length), contacts)
        const header = Buffer.from(heard.subarray(0, HEADER_BYTES))
        header.writeUInt16BE(answer.length + 1, 4)
        socket.write(Buffer.concat([header, answer]))
        heard = heard.subarray(length)
      }
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: `tcp://127.0.0.1:${address.port}`,
    /** Ends every connection, as a switch without power does. */
    cut(): void {
      for (const socket of open) socket.destroy()
    },
    async stop(): Promise<void> {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answerTo(question: Buffer, { isClosed, countOf, set }: BoardContacts): Buffer {
  const [kind = 0] = question
  if (kind === READ_INPUTS) {
    const [first, count] = [question.readUInt16BE(1), question.readUInt16BE(3)]
    const bits = Buffer.alloc(Math.ceil(count / 8))
    for (let at = 0; at < count; at += 1) {
      if (isClosed(first + at)) bits.writeUInt8(bits.readUInt8(at >> 3) | (1 << (at & 7)), at >> 3)
    }
    return Buffer.concat([Buffer.of(kind, bits.length), bits])
  }
  if (kind === READ_COUNTS) {
    const [first, words] = [question.readUInt16BE(1) - COUNTS_FROM, question.readUInt16BE(3)]
    const counts = Buffer.alloc(2 * words)
    for (let at = 0; at < words / 2; at += 1) counts.writeUInt32BE(countOf(first / 2 + at), 4 * at)
    return Buffer.concat([Buffer.of(kind, counts.length), counts])
  }
  if (kind !== WRITE_COIL) return Buffer.of(kind | 0x80, ILLEGAL_FUNCTION)
  set(question.readUInt16BE(1), question.readUInt16BE(3) === 0xff00)
  return question
}
