import type { Action, Device } from './action.ts'
import { deviceActions } from './device-service.ts'
import { type Element, envelope, fault, faultEnvelope, parseRequest, type SoapFault } from './envelope.ts'
import { mediaActions } from './media-service.ts'
import { ptzActions } from './ptz-service.ts'
import { type ServiceId, services } from './services.ts'

const actionsOf: Record<ServiceId, Record<string, Action>> = {
  device: deviceActions,
  media: mediaActions,
  ptz: ptzActions,
}

/** Which service stands at a path, if any. */
export const serviceAt = (path: string): ServiceId | undefined => services.find((service) => service.path === path)?.id

/** The answer to a request: status and envelope. `unauthorised`: the transport asks for credentials. */
export type SoapAnswer = { status: number; body: string } | 'unauthorised'

/**
 * Answers one SOAP request.
 * @param authorise judges the SOAP header's credentials; 'transport' when it is for HTTP to ask for them
 */
export function answerSoap(
  service: ServiceId,
  body: Buffer,
  device: Device,
  authorise: (header: Element) => 'granted' | 'refused' | 'transport',
): SoapAnswer {
  const parsed = parseRequest(body)
  if (!parsed.ok) return refusal(parsed.fault)
  const { action: name, header, arguments: asked } = parsed.request
  const actions = actionsOf[service]
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined) return refusal(fault('ter:ActionNotSupported', `${name} is not supported`))
  if (action.isOpen !== true) {
    const verdict = authorise(header)
    if (verdict === 'transport') return 'unauthorised'
    // ONVIF core specification 5.9.1: a refused WS-UsernameToken is answered with 400 and this fault.
    if (verdict === 'refused') return refusal(fault('ter:NotAuthorized', 'Sender not authorized'))
  }
  const answer = action.answer(device, asked)
  return 'xml' in answer ? { status: 200, body: envelope(answer) } : refusal(answer)
}

const refusal = (why: SoapFault) => ({ status: why.status, body: faultEnvelope(why) })
