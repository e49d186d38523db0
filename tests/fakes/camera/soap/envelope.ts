import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { type Xml, xml } from './xml.ts'

/** Requests of the clients we know have under 2 KiB. A longer one is refused before it is parsed. */
export const SOAP_REQUEST_MAX_BYTES = 64 * 1024

/** A parsed element: names without prefixes, attributes with `@`, text as `#text` when attributes stand beside it. */
export type Element = { [name: string]: Element | Element[] | string | undefined }

export type SoapRequest = { action: string; arguments: Element; header: Element }

/** A refusal in SOAP's words: `code` is Sender or Receiver, `subcode` one of ONVIF's `ter:` names. */
export type SoapFault = { status: number; code: 'Sender' | 'Receiver'; subcode: string; reason: string }

export const fault = (subcode: string, reason: string, status = 400): SoapFault => ({
  status,
  code: 'Sender',
  subcode,
  reason,
})

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: true,
  maxNestedTags: 32,
})

/** Takes a request apart. Never throws: whatever is not a SOAP request comes back as the fault to answer. */
export function parseRequest(body: Buffer): { ok: true; request: SoapRequest } | { ok: false; fault: SoapFault } {
  const text = body.toString('utf8')
  // A document type can define entities that grow without limit; SOAP 1.2 forbids it (part 1, section 5).
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return refused('A document type is not allowed')
  if (XMLValidator.validate(text) !== true) return refused('Not well-formed XML')
  let parsed: Element
  try {
    parsed = parser.parse(text) as Element // whatever it is, child() below looks before it leaps
  } catch {
    return refused('Not well-formed XML')
  }
  const envelope = child(parsed, 'Envelope')
  const content = envelope && child(envelope, 'Body')
  if (envelope === undefined || content === undefined) return refused('Not a SOAP envelope')
  const action = Object.keys(content).find((name) => !name.startsWith('@') && !name.startsWith('#'))
  if (action === undefined) return refused('An empty body')
  return {
    ok: true,
    request: { action, arguments: child(content, action) ?? {}, header: child(envelope, 'Header') ?? {} },
  }
}

const refused = (reason: string) => ({ ok: false as const, fault: fault('ter:WellFormed', reason) })

/** The first child element of that name; an empty or text-only one counts as an element without children. */
export function child(element: Element, name: string): Element | undefined {
  const found = Object.hasOwn(element, name) ? element[name] : undefined
  const first = Array.isArray(found) ? found[0] : found
  return typeof first === 'string' ? { '#text': first } : first
}

/** The text of the first child of that name. */
export function textOf(element: Element, name: string): string | undefined {
  const text = child(element, name)?.['#text']
  return typeof text === 'string' ? text : undefined
}

export function envelope(content: Xml): string {
  return xml`<?xml version="1.0" encoding="UTF-8"?>
    <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"
      xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"
      xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"
      xmlns:ter="http://www.onvif.org/ver10/error">
      <SOAP-ENV:Body>${content}</SOAP-ENV:Body>
    </SOAP-ENV:Envelope>`.xml
}

export function faultEnvelope({ code, subcode, reason }: SoapFault): string {
  return envelope(xml`<SOAP-ENV:Fault>
    <SOAP-ENV:Code>
      <SOAP-ENV:Value>SOAP-ENV:${code}</SOAP-ENV:Value>
      <SOAP-ENV:Subcode><SOAP-ENV:Value>${subcode}</SOAP-ENV:Value></SOAP-ENV:Subcode>
    </SOAP-ENV:Code>
    <SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">${reason}</SOAP-ENV:Text></SOAP-ENV:Reason>
  </SOAP-ENV:Fault>`)
}
