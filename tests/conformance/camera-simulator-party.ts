import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { type CameraSimulator, type CameraSimulatorOptions, createCameraSimulator } from '../fakes/camera/simulator.ts'

// Neither package has types that say more than `any`; these are the parts that are used here.
const require = createRequire(import.meta.url)
type OnvifCam = {
  connect(): Promise<void>
  profiles: { $: { token: string } }[]
  getSnapshotUri(): Promise<{ uri: string }>
  getDeviceInformation(): Promise<Record<string, string>>
  getPresets(): Promise<Record<string, unknown>>
  gotoPreset(options: { preset: string }): Promise<unknown>
}
type OnvifOptions = { hostname: string; port: number; username: string; password: string; timeout: number }
export const { Cam } = require('onvif/promises') as {
  Cam: new (options: OnvifOptions & { useWSSecurity?: boolean }) => OnvifCam
}
export const { Discovery } = require('onvif/promises') as {
  Discovery: { probe(options: object): Promise<{ probeMatches: { probeMatch: { XAddrs: string } } }[]> }
}
type NodeOnvifDevice = {
  init(): Promise<Record<string, string>>
  getProfileList(): { token: string; snapshot: string }[]
  fetchSnapshot(): Promise<{ body: Buffer }>
}
export const { OnvifDevice } = require('node-onvif') as {
  OnvifDevice: new (options: { xaddr: string; user: string; pass: string }) => NodeOnvifDevice
}

export const USER = 'vigie'
export const PASSWORD = 'col & vallon'
export const clock = { now: () => Date.now(), monotonicMs: () => performance.now() }

/** A camera on a free port of loopback that ends with the test. */
export async function camera(options: Partial<CameraSimulatorOptions> = {}): Promise<CameraSimulator> {
  const simulator = await createCameraSimulator({
    name: "Col d'Allos",
    site: { latitude: 44.2975, longitude: 6.5936, altitudeM: 2247, kind: 'col' },
    seed: 'conformance',
    user: USER,
    password: PASSWORD,
    listen: { host: '127.0.0.1', port: 0 },
    clock,
    ...options,
  })
  onTestFinished(() => simulator.close())
  return simulator
}

export function onvifOptions({ url }: { url: string }, password = PASSWORD): OnvifOptions {
  const { hostname, port } = new URL(url)
  return { hostname, port: Number(port), username: USER, password, timeout: 8000 }
}

/** Asks a service as no client would, or as one that we must see through. */
export async function postSoap(url: string, body: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/soap+xml' } })
  return { status: answer.status, text: await answer.text() }
}

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'

/** A request of one action, with a token made at a time. */
export function soapRequest(action: string, namespace: string, at?: number, content = ''): string {
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>${at === undefined ? '' : token(at)}</s:Header><s:Body><${action} xmlns="${namespace}">${content}</${action}></s:Body></s:Envelope>`
}

function token(at: number): string {
  const nonce = randomBytes(16)
  const created = new Date(at).toISOString()
  const digest = createHash('sha1').update(nonce).update(created).update(PASSWORD).digest('base64')
  return `<Security xmlns="${WSSE}"><UsernameToken><Username>${USER}</Username><Password>${digest}</Password><Nonce>${nonce.toString('base64')}</Nonce><Created>${created}</Created></UsernameToken></Security>`
}

/** Runs a program to its end: what it printed, and how it ended. */
export async function run(program: string, args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: 50_000 })
    return { code: 0, output: stdout + stderr }
  } catch (cause) {
    const { code = -1, stdout = '', stderr = '' } = cause as { code?: number; stdout?: string; stderr?: string } // of execFile
    return { code, output: stdout + stderr }
  }
}
