import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { connect } from 'node:tls'
import { CameraFault } from './camera-fault.ts'
import type { CameraTrust } from './camera-port.ts'

type Ready = (error: Error | null, socket: Socket) => void

/**
 * Connects by TLS and calls `ready` when the camera's certificate is the one that is believed; nothing is sent before.
 * @returns the socket, so that it can be destroyed while it still connects
 */
export function connectTls(
  { host, port, trust }: { host: string; port: number; trust: CameraTrust | undefined },
  ready: Ready,
): Socket {
  const fingerprint = trust !== undefined && 'fingerprint' in trust ? normalised(trust.fingerprint) : null
  const socket = connect({
    host,
    port,
    // TLS wants a name, never an address, in its server name.
    ...(/[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {}),
    ...(trust !== undefined && 'authority' in trust ? { ca: trust.authority } : {}),
    rejectUnauthorized: fingerprint === null,
  })
  socket.setNoDelay(true)
  let isDecided = false
  const decide = (error: Error | null) => {
    if (isDecided) return
    isDecided = true
    if (error !== null) socket.destroy()
    ready(error, socket)
  }
  socket.once('secureConnect', () => {
    const { raw } = socket.getPeerCertificate()
    const seen = normalised(new X509Certificate(raw).fingerprint256)
    if (fingerprint === null || seen === fingerprint) decide(null)
    else decide(new CameraFault('camera-certificate-untrusted', `its fingerprint is ${seen}`))
  })
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall === undefined)
      decide(new CameraFault('camera-certificate-untrusted', error.code, { cause: error }))
    else decide(error)
  })
  return socket
}

const normalised = (fingerprint: string) => fingerprint.replaceAll(':', '').toLowerCase()
