import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Misbehaviour, misbehaves } from '../misbehaviour.ts'
import type { CameraOptions } from '../options.ts'
import { PICTURE_HEIGHT_PX, PICTURE_WIDTH_PX } from '../picture/picture-size.ts'
import type { Device } from '../soap/action.ts'
import { answerSoap, serviceAt } from '../soap/answer-soap.ts'
import { SOAP_REQUEST_MAX_BYTES } from '../soap/envelope.ts'
import { SNAPSHOT_PATH } from '../soap/media-service.ts'
import { createTokenCheck } from '../soap/username-token.ts'
import { parseControl } from './control.ts'
import { checkBasic, createDigest, type HttpVerdict } from './http-auth.ts'
import { readBody } from './read-body.ts'
import { type HttpAnswer, sendAnswer } from './send-answer.ts'

const REALM = 'VG-SIM-1080'

export type CameraServerDeps = {
  now(): number
  monotonicMs(): number
  /** Seals the nonces of HTTP Digest. */
  secret: Buffer
  misbehaviours(): readonly Misbehaviour[]
  behave(...misbehaviours: Misbehaviour[]): Promise<void>
  takePicture(): Promise<Buffer>
  device: Pick<Device, 'name' | 'serial' | 'hostname' | 'presets' | 'goTo'>
}

export type CameraServer = {
  /** Listens; at once when it does already. The second time on the port that the first one got. */
  start(): Promise<void>
  /** Cuts every connection and closes the port. */
  stop(): Promise<void>
  /** `http://host:port`. */
  base(): string
}

/** The camera's HTTP side: its services, its picture, its control. */
export function createCameraServer(deps: CameraServerDeps, options: CameraOptions): CameraServer {
  const { soapAuth = 'ws-token', pictureAuth = 'digest', listen, user } = options
  const digest = createDigest(REALM, options.digestAlgorithms ?? ['MD5'], deps.secret, deps.monotonicMs)
  const isTokenRight = createTokenCheck(user, deps.now)
  let port = listen.port
  let running: { server: Server; stopping: AbortController } | undefined

  const password = () =>
    misbehaves(deps.misbehaviours(), 'wrong-password') === undefined ? options.password : `another ${options.password}`

  function judge(request: IncomingMessage, way: 'digest' | 'basic'): HttpVerdict {
    const claimed = {
      method: request.method ?? '',
      target: request.url ?? '',
      authorization: request.headers.authorization,
    }
    const credentials = { user, password: password() }
    return way === 'basic' ? checkBasic(claimed, credentials) : digest.check(claimed, credentials)
  }

  async function answer(request: IncomingMessage, path: string): Promise<HttpAnswer> {
    const service = serviceAt(path)
    if (service !== undefined) return request.method === 'POST' ? soap(request, service) : plain(405, 'POST only')
    if (path === SNAPSHOT_PATH) return request.method === 'GET' ? picture(request) : plain(405, 'GET only')
    if (path === '/control' && options.control === true && request.method === 'POST') return control(request)
    return plain(404, 'Not found')
  }

  async function soap(request: IncomingMessage, service: 'device' | 'media' | 'ptz'): Promise<HttpAnswer> {
    const body = await readBody(request, SOAP_REQUEST_MAX_BYTES)
    if (body === 'too-long') return { ...plain(413, 'Request too long'), headers: { Connection: 'close' } }
    const verdict = soapAuth === 'http-digest' ? judge(request, 'digest') : 'refused'
    const answered = answerSoap(service, body, deviceFor(request), (header) => {
      if (soapAuth === 'none') return 'granted'
      if (soapAuth === 'ws-token') return isTokenRight(header, password()) ? 'granted' : 'refused'
      return verdict === 'granted' ? 'granted' : 'transport'
    })
    if (answered === 'unauthorised') return unauthorised(digest.challenges(verdict === 'stale'))
    return {
      status: answered.status,
      headers: { 'Content-Type': 'application/soap+xml; charset=utf-8' },
      body: Buffer.from(answered.body),
    }
  }

  async function picture(request: IncomingMessage): Promise<HttpAnswer> {
    if (pictureAuth !== 'none') {
      const verdict = judge(request, pictureAuth)
      if (verdict !== 'granted') {
        return unauthorised(
          pictureAuth === 'basic' ? [`Basic realm="${REALM}"`] : digest.challenges(verdict === 'stale'),
        )
      }
    }
    const now = deps.misbehaviours()
    if (misbehaves(now, 'error-page')) {
      return { status: 200, headers: { 'Content-Type': 'text/html' }, body: Buffer.from('<html>Sensor error</html>') }
    }
    const jpeg = await deps.takePicture()
    const body = misbehaves(now, 'sends-half-a-picture') ? jpeg.subarray(0, jpeg.length / 2) : jpeg
    return { status: 200, headers: { 'Content-Type': 'image/jpeg', 'Cache-Control': 'no-cache' }, body }
  }

  async function control(request: IncomingMessage): Promise<HttpAnswer> {
    const body = await readBody(request, SOAP_REQUEST_MAX_BYTES)
    const wanted = body === 'too-long' ? undefined : parseControl(body)
    if (wanted === undefined) return plain(400, 'Not a list of misbehaviours')
    // The connection that asks may be among those that the misbehaviour cuts: it is answered first.
    setImmediate(() => void deps.behave(...wanted))
    return plain(200, 'As you wish')
  }

  function deviceFor(request: IncomingMessage): Device {
    const { localAddress = listen.host, localPort = port } = request.socket
    const elsewhere = misbehaves(deps.misbehaviours(), 'names-another-host')
    return {
      ...deps.device,
      now: deps.now,
      base: `http://${elsewhere?.host ?? authority(localAddress, localPort)}`,
      pictureWidthPx: PICTURE_WIDTH_PX,
      pictureHeightPx: PICTURE_HEIGHT_PX,
      hasProfiles: misbehaves(deps.misbehaviours(), 'no-profiles') === undefined,
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?', 1)
    const spoiled = deps.misbehaviours().filter((one) => path !== '/control' && concerns(one, path))
    if (misbehaves(spoiled, 'hangs')) return
    const status = misbehaves(spoiled, 'status')?.status
    const answered = status === undefined ? await answer(request, path) : plain(status, 'Not today')
    await sendAnswer(response, answered, spoiled, signal)
  }

  return {
    async start() {
      if (running !== undefined) return
      const stopping = new AbortController()
      const server = createServer((request, response) => {
        serve(request, response, stopping.signal).catch(() => response.destroy())
      })
      running = { server, stopping }
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, listen.host, () => resolve())
      })
      port = (server.address() as AddressInfo).port // a TCP server's address is never a path
    },
    async stop() {
      if (running === undefined) return
      const { server, stopping } = running
      running = undefined
      stopping.abort()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
    base: () => `http://${listen.host}:${port}`,
  }
}

/** An address as it stands in a URL; IPv4 addresses arrive in IPv6's clothes when the camera listens on `::`. */
function authority(address: string, port: number): string {
  const plain = address.replace(/^::ffff:/, '')
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`
}

/** Whether a misbehaviour touches the answers at this path. */
function concerns(one: Misbehaviour, path: string): boolean {
  if (!('on' in one) || one.on === undefined) return true
  return one.on === (path === SNAPSHOT_PATH ? 'picture' : 'soap')
}

const plain = (status: number, text: string): HttpAnswer => ({
  status,
  headers: { 'Content-Type': 'text/plain' },
  body: Buffer.from(`${text}\n`),
})

const unauthorised = (challenges: string[]): HttpAnswer => ({
  ...plain(401, 'Unauthorized'),
  headers: { 'Content-Type': 'text/plain', 'WWW-Authenticate': challenges },
})
