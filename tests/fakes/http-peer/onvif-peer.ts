import type { SeenRequest } from './http-peer.ts'

const DEVICE = 'http://www.onvif.org/ver10/device/wsdl'
const MEDIA = 'http://www.onvif.org/ver10/media/wsdl'
const TURNING = 'http://www.onvif.org/ver20/ptz/wsdl'

/** Content of the response element to each action; an action that is missing is a SOAP fault. */
export type OnvifScript = Record<string, string | (() => string) | undefined>

/** The action that a request asks for: "GetProfiles". */
export function actionOf({ body }: SeenRequest): string {
  return /<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(body)?.[1] ?? ''
}

/** The answer of a scripted device to one request. For odd answers; for a whole camera there is fakes/camera. */
export function answerOnvif(script: OnvifScript, request: SeenRequest): { status: number; xml: string } {
  const action = actionOf(request)
  const scripted = script[action]
  if (scripted === undefined) {
    const fault = '<s:Fault><s:Reason><s:Text>Optional Action Not Implemented</s:Text></s:Reason></s:Fault>'
    return { status: 500, xml: envelope(fault) }
  }
  const content = typeof scripted === 'string' ? scripted : scripted()
  return { status: 200, xml: envelope(`<t:${action}Response>${content}</t:${action}Response>`) }
}

const envelope = (content: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:t="urn:t"><s:Body>${content}</s:Body></s:Envelope>`

/**
 * A plain camera as a script, to spoil in one place.
 * @param base what it names as its own address
 */
export function plainCamera(base: string): OnvifScript {
  const service = (namespace: string, path: string) =>
    `<t:Service><t:Namespace>${namespace}</t:Namespace><t:XAddr>${base}${path}</t:XAddr></t:Service>`
  const capability = (name: string, path: string) => `<t:${name}><t:XAddr>${base}${path}</t:XAddr></t:${name}>`
  return {
    GetSystemDateAndTime: dateAndTime(new Date(0)),
    GetServices: service(DEVICE, '/device') + service(MEDIA, '/media') + service(TURNING, '/ptz'),
    GetCapabilities: `<t:Capabilities>${capability('Media', '/media')}${capability('PTZ', '/ptz')}</t:Capabilities>`,
    GetDeviceInformation:
      '<t:Manufacturer>Maker</t:Manufacturer><t:Model>Model</t:Model><t:FirmwareVersion>2.50</t:FirmwareVersion>' +
      '<t:SerialNumber>00012345678901234567</t:SerialNumber><t:HardwareId>1</t:HardwareId>',
    GetProfiles: mediaProfile('main', 1920, 1080),
    GetSnapshotUri: `<t:MediaUri><t:Uri>${base}/picture</t:Uri></t:MediaUri>`,
    GetStreamUri: '<t:MediaUri><t:Uri>rtsp://198.51.100.1:8554/main</t:Uri></t:MediaUri>',
    GetPresets:
      '<t:Preset token="1"><t:Name>amont</t:Name></t:Preset><t:Preset token="2"><t:Name>aval</t:Name></t:Preset>',
    GotoPreset: '',
    GetStatus: moveStatus('IDLE'),
  }
}

export const mediaProfile = (token: string, width: number, height: number) =>
  `<t:Profiles token="${token}"><t:Name>${token}</t:Name><t:VideoEncoderConfiguration token="e"><t:Encoding>H264</t:Encoding>` +
  `<t:Resolution><t:Width>${width}</t:Width><t:Height>${height}</t:Height></t:Resolution></t:VideoEncoderConfiguration></t:Profiles>`

export const moveStatus = (status: string) =>
  `<t:PTZStatus><t:MoveStatus><t:PanTilt>${status}</t:PanTilt><t:Zoom>IDLE</t:Zoom></t:MoveStatus></t:PTZStatus>`

export function dateAndTime(at: Date): string {
  const time = `<t:Hour>${at.getUTCHours()}</t:Hour><t:Minute>${at.getUTCMinutes()}</t:Minute><t:Second>${at.getUTCSeconds()}</t:Second>`
  const date = `<t:Year>${at.getUTCFullYear()}</t:Year><t:Month>${at.getUTCMonth() + 1}</t:Month><t:Day>${at.getUTCDate()}</t:Day>`
  return `<t:SystemDateAndTime><t:UTCDateTime><t:Time>${time}</t:Time><t:Date>${date}</t:Date></t:UTCDateTime></t:SystemDateAndTime>`
}
