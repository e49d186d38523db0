import { createSocket, type RemoteInfo } from 'node:dgram'
import { BlockList } from 'node:net'
import { networkInterfaces } from 'node:os'
import { child, parseRequest, type SoapRequest, textOf } from './soap/envelope.ts'
import { escapeXml } from './soap/xml.ts'

const GROUP = '239.255.255.250'
const PORT = 3702

export type Discovery = { close(): Promise<void> }

export type Announced = {
  /** The interface on which probes are answered, by its IPv4 address; only senders of its own network are. */
  interfaceAddress: string
  /** A UUID that stays the same for one camera. */
  uuid: string
  scopes: readonly string[]
  serviceUrl: string
}

/** Answers WS-Discovery probes (OASIS WS-Discovery 1.0 draft of April 2005, as ONVIF has it) on one interface. */
export async function answerProbes({ interfaceAddress, uuid, scopes, serviceUrl }: Announced): Promise<Discovery> {
  const neighbours = networkOf(interfaceAddress)
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  socket.on('message', (message: Buffer, from: RemoteInfo) => {
    if (!neighbours.check(from.address)) return
    const parsed = parseRequest(message)
    if (!parsed.ok || parsed.request.action !== 'Probe' || !wantsCameras(parsed.request)) return
    const to = textOf(parsed.request.header, 'MessageID') ?? ''
    socket.send(probeMatch(to), from.port, from.address)
  })
  // Whoever leaves before the answer arrives sends back an ICMP error; that is their affair.
  socket.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    // Bound to the group, so that nothing but its messages comes in.
    socket.bind(PORT, GROUP, () => {
      socket.off('error', reject)
      socket.addMembership(GROUP, interfaceAddress)
      resolve()
    })
  })
  return { close: () => new Promise((resolve) => socket.close(() => resolve())) }

  function probeMatch(relatesTo: string): string {
    return `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><SOAP-ENV:Header><wsa:MessageID>urn:uuid:${uuid}</wsa:MessageID><wsa:RelatesTo>${escapeXml(relatesTo)}</wsa:RelatesTo><wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To><wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action></SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:${uuid}</wsa:Address></wsa:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>${escapeXml(scopes.join(' '))}</d:Scopes><d:XAddrs>${escapeXml(serviceUrl)}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`
  }
}

/** No type at all means: whatever is there. */
function wantsCameras({ arguments: probe }: SoapRequest): boolean {
  const types = textOf(probe, 'Types') ?? textOf(child(probe, 'Types') ?? {}, '#text') ?? ''
  return types === '' || /NetworkVideoTransmitter|Device/.test(types)
}

/** The network of an interface: a probe that came in over another one is none of the camera's business. */
function networkOf(address: string): BlockList {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.address === address)
  if (own?.cidr == null) throw new Error(`no interface has the address ${address}`)
  const network = new BlockList()
  const [, bits = '32'] = own.cidr.split('/')
  network.addSubnet(address, Number(bits))
  return network
}
