import { once } from 'node:events'
import { connect } from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import { connectPacket } from '../../conformance/mqtt-packets.ts'

/*
 * A unit that is inside while others come, on a thread of its own, so that it waits for the broker and not for them: it asks
 * for a sign of life again and again. Any message ends a measurement: it is answered with how long each answer took, in ms.
 */
export type LiveUnit = { port: number; unit: string; ca: Uint8Array; cert: Uint8Array; key: Uint8Array }

const PING = Buffer.from([0xc0, 0])
const EVERY_MS = 20

const { port, unit, ca, cert, key } = workerData as LiveUnit // of who started this
const pem = (bytes: Uint8Array) => Buffer.from(bytes)
const socket = connect({ host: '127.0.0.1', port, ca: pem(ca), cert: pem(cert), key: pem(key) })
socket.setNoDelay(true)
socket.write(connectPacket(unit, { keepaliveS: 600 }))
await once(socket, 'data')

let took: number[] = []
let askedAt = 0
const ask = () => {
  askedAt = performance.now()
  socket.write(PING)
}
socket.on('data', () => {
  took.push(performance.now() - askedAt)
  setTimeout(ask, EVERY_MS)
})
socket.on('close', () => process.exit())
parentPort?.on('message', () => {
  // One that is not answered yet counts as long as it waits.
  parentPort?.postMessage([...took, performance.now() - askedAt])
  took = []
})
ask()
parentPort?.postMessage('inside')
