import { realpathSync, type Stats, statSync, unwatchFile, watchFile } from 'node:fs'
import { connect } from 'node:net'
import type { SerialSettings } from '@vigie/config-schema/lane-profiles'
import { SerialPort } from 'serialport'
import type { PortThere } from './reader/port-finding.ts'

/**
 * Bytes to and from a device, over a serial port or a serial port that a box on the network offers.
 *
 * - `onBytes` is called within the read itself: nothing waits for a turn of the loop.
 * - `closed` resolves once, when the line is gone or was closed; nothing is read after it.
 * - A device that another process holds is refused by the kernel, as is one that is not there: `openLine` rejects.
 */
export type SerialLine = {
  write(bytes: Uint8Array): void
  close(): Promise<void>
  closed: Promise<void>
}

export type OpenLine = (
  path: string,
  settings: SerialSettings,
  onBytes: (bytes: Uint8Array) => void,
) => Promise<SerialLine>

/** A server of serial ports on the same network answers at once or not at all. */
const CONNECT_WITHIN_MS = 3_000

/** A device that is pulled out while its port is read gives no bytes for ever, and the library goes on reading. Its file goes. */
const THERE_EVERY_MS = 1_000

export const openLine: OpenLine = (path, settings, onBytes) =>
  path.startsWith('tcp://') ? openTcp(new URL(path), onBytes) : openSerial(path, settings, onBytes)

function openSerial(
  path: string,
  { baud, dataBits, parity, stopBits }: SerialSettings,
  onBytes: (bytes: Uint8Array) => void,
): Promise<SerialLine> {
  const port = new SerialPort({ path, baudRate: baud, dataBits, parity, stopBits, autoOpen: false })
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error) return reject(error)
      const closed = new Promise<void>((gone) => port.once('close', () => gone()))
      port.on('data', onBytes)
      closeWhenGone(port, portBehind(path) ?? path)
      // What fails in a read or a write ends in a close.
      port.on('error', () => port.isOpen && port.close())
      resolve({
        write: (bytes) => void port.write(bytes),
        close: () => (port.isOpen ? new Promise((done) => port.close(() => done())) : Promise.resolve()),
        closed,
      })
    })
  })
}

function closeWhenGone(port: SerialPort, file: string): void {
  const first = statSync(file, { throwIfNoEntry: false })?.ino
  const look = ({ ino }: Stats) => {
    if (ino !== first && port.isOpen) port.close()
  }
  watchFile(file, { interval: THERE_EVERY_MS, persistent: false }, look)
  port.once('close', () => unwatchFile(file, look))
}

function openTcp({ hostname, port }: URL, onBytes: (bytes: Uint8Array) => void): Promise<SerialLine> {
  const socket = connect({ host: hostname, port: Number(port), keepAlive: true, keepAliveInitialDelay: 10_000 })
  socket.setNoDelay(true)
  socket.setTimeout(CONNECT_WITHIN_MS, () => socket.destroy(new Error('no answer')))
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', reject)
      socket.on('error', () => socket.destroy())
      const closed = new Promise<void>((gone) => socket.once('close', () => gone()))
      socket.on('data', onBytes)
      resolve({
        write: (bytes) => void socket.write(bytes),
        close: () => {
          socket.destroy()
          return closed
        },
        closed,
      })
    })
  })
}

/** Every serial port of the machine; empty where udev cannot be asked. */
export async function listPorts(): Promise<PortThere[]> {
  const ports = await SerialPort.list().catch(() => [])
  return ports.map(({ path, vendorId, productId, serialNumber }) => ({
    path,
    ...(vendorId !== undefined && { vendor: vendorId.toLowerCase() }),
    ...(productId !== undefined && { product: productId.toLowerCase() }),
    ...(serialNumber !== undefined && { serial: serialNumber }),
  }))
}

/** The port that a name of udev leads to; null: it is not there. */
export function portBehind(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
