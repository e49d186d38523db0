import { CameraFault } from './camera-fault.ts'
import { deviceText } from './device-text.ts'
import type { HttpClient } from './http-client.ts'
import { withoutNamespaces } from './soap-tree.ts'

/**
 * GetProfiles of a 16-channel encoder weighs about 200 kB. The libraries' XML reader takes 2 to 4 s for a mebibyte made
 * to be slow (measured 2026-11-22), and nothing else goes on meanwhile. Beyond: `camera-answer-too-large`.
 */
export const SOAP_MAX_BYTES = 512 * 1024

/**
 * Sends an envelope that a library wrote and gives its answer for the library to read. Neither library ever opens a
 * socket or sees the password: what they lack (deadline, cap, https, Digest, pinned hosts) is here, once for both.
 * @param address null: the configured device service
 */
export type SoapPost = (address: URL | null, envelope: string, signal: AbortSignal) => Promise<string>

/**
 * @param token makes the WS-Security header of one request; null: no login
 * @param deviceService where requests without an address go
 */
export function createSoapPost(
  http: HttpClient,
  { deviceService, token }: { deviceService: URL; token: (() => string) | null },
): SoapPost {
  return async (address, envelope, signal) => {
    const body = token === null ? envelope : withHeader(envelope, token())
    const headers = { 'Content-Type': 'application/soap+xml; charset=utf-8' }
    const url = address ?? deviceService
    const answer = await http.send({ url, method: 'POST', headers, body, maxBytes: SOAP_MAX_BYTES }, signal)
    const xml = withoutNamespaces(answer.body.toString('utf8'))
    if (xml === null) throw new CameraFault('camera-answer-broken', 'no well-formed XML')
    if (answer.status >= 300 && answer.status < 400) {
      throw new CameraFault('camera-redirected-elsewhere', deviceText(answer.headers.location))
    }
    if (!/<(?:[\w.-]+:)?Envelope[\s>]/.test(xml)) throw new CameraFault('camera-not-onvif', `HTTP ${answer.status}`)
    if (isFault(xml)) throw faultOf(xml)
    if (answer.status !== 200) throw new CameraFault('camera-refused', `HTTP ${answer.status}`)
    return xml
  }
}

function withHeader(envelope: string, header: string): string {
  const opening = '<s:Header>'
  const at = envelope.indexOf(opening)
  if (at !== -1) return envelope.slice(0, at + opening.length) + header + envelope.slice(at + opening.length)
  return envelope.replace('<s:Body', () => `${opening}${header}</s:Header><s:Body`)
}

const isFault = (xml: string) => /<(?:[\w.-]+:)?Fault[\s>]/.test(xml)

/** ONVIF Core §5.9.1 says ter:NotAuthorized; WS-Security says FailedAuthentication; some say it only in words. */
const REFUSED_LOGIN =
  /:(?:NotAuthorized|FailedAuthentication|InvalidSecurity|FailedCheck)\b|not authorized|unauthori[sz]ed/i

function faultOf(xml: string): CameraFault {
  const reason = deviceText(/<(?:[\w.-]+:)?Text[^<>]*>([^<]*)</.exec(xml)?.[1])
  return new CameraFault(REFUSED_LOGIN.test(xml) ? 'camera-refused-login' : 'camera-refused', reason)
}
