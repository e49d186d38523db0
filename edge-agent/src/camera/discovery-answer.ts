import { listOf, textOf, under } from './answer-tree.ts'
import { deviceText } from './device-text.ts'
import { parseSoap, withoutNamespaces } from './soap-tree.ts'

/** A camera that answered. Its texts are its own, made harmless. */
export type DiscoveredCamera = {
  /** Its ONVIF device service, on the host that the answer came from. */
  url: string
  /** As somebody named it; may be empty. */
  name: string
  /** What it is, by its own word ("onvif://www.onvif.org/hardware/..."); may be empty. */
  model: string
  /** Its id, which stays the same wherever it stands; its address when it gives none. */
  endpoint: string
}

/** An answer has about 1 kB, one of a recorder with many channels some more. Beyond: not read. */
const MAX_BYTES = 16 * 1024

/**
 * Reads a ProbeMatches message of WS-Discovery.
 * @param relatesTo the id of the question; an answer to another one is none
 * @param sender IPv4 address it came from
 * @returns each device with its own id; empty when it is no such answer
 */
export function readDiscoveryAnswer(
  bytes: Uint8Array,
  relatesTo: readonly string[],
  sender: string,
): { id: string; camera: DiscoveredCamera }[] {
  if (bytes.byteLength > MAX_BYTES) return []
  const text = Buffer.from(bytes).toString('utf8')
  const xml = withoutNamespaces(text)
  if (xml === null || !relatesTo.some((id) => text.includes(id))) return []
  let body: unknown
  parseSoap(xml, (error, found) => {
    body = error === null ? found : undefined
  })
  return listOf(under(body, 'probeMatches', 'probeMatch')).flatMap((match) => {
    const url = deviceServiceOf(textOf(under(match, 'XAddrs')), sender)
    const scopes = textOf(under(match, 'scopes')).split(/\s+/)
    const id = deviceText(textOf(under(match, 'endpointReference', 'address'))) || (url ?? '')
    const camera = { name: scopeOf(scopes, 'name'), model: scopeOf(scopes, 'hardware') }
    return url === null ? [] : [{ id, camera: { url, ...camera, endpoint: id } }]
  })
}

/**
 * Of the addresses that a device names, the one on the host that answered; else the path of the first, on that host: a
 * device must not send a technician, and the password that he types, to another host.
 */
function deviceServiceOf(addresses: string, sender: string): string | null {
  const urls = addresses
    .split(/\s+/)
    .filter((address) => URL.canParse(address))
    .map((address) => new URL(address))
    .filter(({ protocol }) => protocol === 'http:' || protocol === 'https:')
  const [first] = urls
  if (first === undefined) return null
  const own = urls.find(({ hostname }) => hostname === sender)
  const { origin, pathname } = own ?? { origin: `http://${sender}`, pathname: first.pathname }
  return `${origin}${pathname}`
}

function scopeOf(scopes: string[], kind: string): string {
  const prefix = `onvif://www.onvif.org/${kind}/`
  const found = scopes.find((scope) => scope.toLowerCase().startsWith(prefix))?.slice(prefix.length) ?? ''
  try {
    return deviceText(decodeURIComponent(found))
  } catch {
    return deviceText(found)
  }
}
