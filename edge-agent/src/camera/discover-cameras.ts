import { createSocket, type Socket } from 'node:dgram'
import type { Time } from '../time.ts'
import { CameraFault } from './camera-fault.ts'
import { cancellable } from './deadline.ts'
import { type DiscoveredCamera, readDiscoveryAnswer } from './discovery-answer.ts'

/** WS-Discovery 1.0, §2.4: where devices listen. */
const GROUP = { address: '239.255.255.250', port: 3702 }
/** A site has a handful, a test bench some dozens. Beyond: the rest is not listed. */
const MAX_CAMERAS = 64
/** Each camera answers each of the two questions once or twice. Beyond: somebody floods, and we stop listening. */
const MAX_ANSWERS = 1_000

const NETWORK_VIDEO = '<d:Types xmlns:n="http://www.onvif.org/ver10/network/wsdl">n:NetworkVideoTransmitter</d:Types>'
const DEVICE = '<d:Types xmlns:n="http://www.onvif.org/ver10/device/wsdl">n:Device</d:Types>'

export type DiscoveryOptions = {
  /** IPv4 addresses of our own interfaces: the question goes out on each. */
  from: readonly string[]
  /** How long answers are waited for. Devices answer within 0.5 s, slow ones within 3 s. */
  withinMs: number
  /** Told of each camera once, as it answers. */
  onFound?: (camera: DiscoveredCamera) => void
  /** Other than the standard's group only in tests. */
  group?: { address: string; port: number }
}

/**
 * Asks the network which cameras there are (WS-Discovery, by multicast), and collects the answers until the time is over.
 * Not with npm `onvif`'s Discovery, which can neither be cancelled nor bounded, asks on one interface alone, and lists
 * what answers other people's questions; the answers are read by that library all the same.
 *
 * Asks twice, for a datagram may be lost: first for video devices, then for devices of any kind, since some answer only
 * to that. Rejects with `discovery-failed` when no interface takes the question.
 */
export async function discoverCameras(
  { from, withinMs, onFound = () => undefined, group = GROUP }: DiscoveryOptions,
  { time, newUuid }: { time: Time; newUuid: () => string },
  signal: AbortSignal,
): Promise<DiscoveredCamera[]> {
  const ids = [newUuid(), newUuid()]
  const found = new Map<string, DiscoveredCamera>()
  let answers = 0
  const take = (bytes: Buffer, sender: string) => {
    answers += 1
    if (answers > MAX_ANSWERS) return
    for (const { id, camera } of readDiscoveryAnswer(bytes, ids, sender)) {
      if (found.has(id) || found.size >= MAX_CAMERAS) continue
      found.set(id, camera)
      onFound(camera)
    }
  }

  return cancellable([signal], async (inTime) => {
    const sockets: Socket[] = []
    try {
      const opened = await Promise.allSettled(from.map((address) => open(address, take, sockets)))
      if (!opened.some(({ status }) => status === 'fulfilled')) throw noInterface(opened)
      for (const [index, types] of [NETWORK_VIDEO, DEVICE].entries()) {
        const question = probeMessage(ids[index] ?? '', types)
        const sent = await Promise.allSettled(sockets.map((socket) => send(socket, question, group)))
        if (!sent.some(({ status }) => status === 'fulfilled')) throw noInterface(sent)
        await time.wait(withinMs / 2, inTime)
      }
      return [...found.values()]
    } finally {
      for (const socket of sockets) socket.close()
    }
  })
}

function open(address: string, take: (bytes: Buffer, sender: string) => void, sockets: Socket[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.on('message', (bytes, { address: sender }) => take(bytes, sender))
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    // Bound to an interface's address, multicast goes out on that interface.
    socket.bind({ address }, () => {
      socket.removeAllListeners('error')
      // A network that goes away meanwhile is a camera that does not answer.
      socket.on('error', () => undefined)
      sockets.push(socket)
      resolve()
    })
  })
}

function send(socket: Socket, message: string, { address, port }: { address: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, port, address, (error) => (error === null ? resolve() : reject(error)))
  })
}

function noInterface(outcomes: PromiseSettledResult<void>[]): CameraFault {
  const cause: unknown = outcomes.find((outcome) => outcome.status === 'rejected')?.reason
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no interface with IPv4'
  return new CameraFault('discovery-failed', code, { cause })
}

function probeMessage(id: string, types: string): string {
  const addressing = 'http://schemas.xmlsoap.org/ws/2004/08/addressing'
  const discovery = 'http://schemas.xmlsoap.org/ws/2005/04/discovery'
  return (
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="${addressing}" xmlns:d="${discovery}">` +
    `<s:Header><a:MessageID>urn:uuid:${id}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>` +
    `<a:Action>${discovery}/Probe</a:Action></s:Header><s:Body><d:Probe>${types}</d:Probe></s:Body></s:Envelope>`
  )
}
