import { createRequire } from 'node:module'
import { listOf, sizeOf, textOf, under } from './answer-tree.ts'
import { CameraFault } from './camera-fault.ts'
import { escapeXml } from './device-text.ts'
import { isOneMoving, type MediaProfile, type OnvifClient, type ServiceAddresses } from './onvif-client.ts'
import type { SoapPost } from './soap-post.ts'

/** The package has no types; these are the parts of it that are used (lib/modules of 0.1.7). */
type Method = (parameters?: object) => Promise<{ data: unknown }>
type Service = Record<string, Method> & { oxaddr: object }
type ServiceClass = new (parameters: { xaddr: string; user: string; pass: string; time_diff: number }) => Service
type Soap = {
  parse(xml: string): Promise<unknown>
  requestCommand(oxaddr: object, method: string, envelope: string): Promise<{ data: unknown; converted: unknown }>
}

const load = createRequire(import.meta.url)
const soap = load('node-onvif/lib/modules/soap.js') as Soap
const DeviceService = load('node-onvif/lib/modules/service-device.js') as ServiceClass
const MediaService = load('node-onvif/lib/modules/service-media.js') as ServiceClass
const TurningService = load('node-onvif/lib/modules/service-ptz.js') as ServiceClass

/** Which call a request belongs to, by the address object of the service object that makes it. */
const transports = new WeakMap<object, (envelope: string) => Promise<string>>()

/**
 * All requests of the package pass here, in one object that its modules share. Its own version has no deadline and no cap,
 * knows neither https nor HTTP Digest, goes wherever the device says, and lays out every answer with an HTML printer.
 */
soap.requestCommand = async (oxaddr, method, envelope) => {
  const transport = transports.get(oxaddr)
  if (transport === undefined) throw new Error('node-onvif was used around its adapter')
  const tree = await soap.parse(await transport(envelope))
  const body = under(tree, 'Body')
  if (under(body, `${method}Response`) === undefined) throw new Error(`the answer has no ${method}Response`)
  return { data: body, converted: tree }
}

/**
 * npm `node-onvif` 0.1.7 (no commit since 2018): the second adapter, for old cameras that answer its requests better. It
 * writes the envelopes and reads the XML; a service object is made for each call, so that each has its own signal.
 * @param pin makes an address that the device named safe; null when it is none
 */
export function createNodeOnvifAdapter(post: SoapPost, pin: (named: string) => URL | null): OnvifClient {
  let services: ServiceAddresses = { media: null, turning: null }

  async function ask(
    Service: ServiceClass,
    named: string | null,
    method: string,
    parameters: object | undefined,
    signal: AbortSignal,
  ): Promise<unknown> {
    const address = Service === DeviceService ? null : pin(named ?? '')
    if (Service !== DeviceService && address === null) throw new CameraFault('camera-refused', `no ${method}`)
    // The address is only a name here: what is asked is decided by the transport.
    const service = new Service({ xaddr: 'http://camera.invalid/', user: '', pass: '', time_diff: 0 })
    transports.set(service.oxaddr, (envelope) => post(address, envelope, signal))
    try {
      const answer = await service[method]?.(parameters)
      return under(answer, 'data', `${method[0]?.toUpperCase()}${method.slice(1)}Response`)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw error instanceof CameraFault ? error : new CameraFault('camera-answer-broken', undefined, { cause: error })
    }
  }

  const askDevice = (method: string, signal: AbortSignal) => ask(DeviceService, null, method, undefined, signal)
  const askMedia = (method: string, parameters: object | undefined, signal: AbortSignal) =>
    ask(MediaService, services.media, method, parameters, signal)
  const askTurning = (method: string, parameters: object, signal: AbortSignal) =>
    ask(TurningService, services.turning, method, parameters, signal)

  return {
    async readClock(signal) {
      // Not the library's own reading, which sets month before day and is wrong on the 31st.
      const time = under(await askDevice('getSystemDateAndTime', signal), 'SystemDateAndTime', 'UTCDateTime')
      const number = (...names: string[]) => Number(textOf(under(time, ...names)) || Number.NaN)
      const at = Date.UTC(
        number('Date', 'Year'),
        number('Date', 'Month') - 1,
        number('Date', 'Day'),
        number('Time', 'Hour'),
        number('Time', 'Minute'),
        number('Time', 'Second'),
      )
      return Number.isFinite(at) ? at : null
    },

    async readServices(signal) {
      const capabilities = under(await askDevice('getCapabilities', signal), 'Capabilities')
      const address = (name: string) => textOf(under(capabilities, name, 'XAddr')) || null
      services = { media: address('Media'), turning: address('PTZ') }
      return services
    },

    async readInformation(signal) {
      const answer = await askDevice('getDeviceInformation', signal)
      return {
        maker: textOf(under(answer, 'Manufacturer')),
        model: textOf(under(answer, 'Model')),
        firmware: textOf(under(answer, 'FirmwareVersion')),
        serial: textOf(under(answer, 'SerialNumber')),
      }
    },

    async reboot(signal) {
      await ask(DeviceService, null, 'reboot', undefined, signal)
    },

    async readProfiles(signal) {
      return listOf(under(await askMedia('getProfiles', undefined, signal), 'Profiles')).map(profileOf)
    },

    async readSnapshotAddress(profileToken, signal) {
      const parameters = { ProfileToken: escapeXml(profileToken) }
      return textOf(under(await askMedia('getSnapshotUri', parameters, signal), 'MediaUri', 'Uri'))
    },

    async readStreamAddress(profileToken, signal) {
      const parameters = { ProfileToken: escapeXml(profileToken), Protocol: 'RTSP' }
      return textOf(under(await askMedia('getStreamUri', parameters, signal), 'MediaUri', 'Uri'))
    },

    async readPresets(profileToken, signal) {
      const answer = await askTurning('getPresets', { ProfileToken: escapeXml(profileToken) }, signal)
      return listOf(under(answer, 'Preset')).map((preset) => ({
        token: textOf(under(preset, '$', 'token')),
        name: textOf(under(preset, 'Name')),
      }))
    },

    async goToPreset(profileToken, presetToken, signal) {
      const parameters = { ProfileToken: escapeXml(profileToken), PresetToken: escapeXml(presetToken) }
      await askTurning('gotoPreset', parameters, signal)
    },

    async nudge(profileToken, { pan, tilt, zoom }, signal) {
      const parameters = { ProfileToken: escapeXml(profileToken), Translation: { x: pan, y: tilt, z: zoom } }
      await askTurning('relativeMove', parameters, signal)
    },

    async isMoving(profileToken, signal) {
      const answer = await askTurning('getStatus', { ProfileToken: escapeXml(profileToken) }, signal)
      const status = under(answer, 'PTZStatus', 'MoveStatus')
      return isOneMoving([textOf(under(status, 'PanTilt')), textOf(under(status, 'Zoom'))])
    },
  }
}

function profileOf(profile: unknown): MediaProfile {
  const encoder = under(profile, 'VideoEncoderConfiguration')
  return {
    token: textOf(under(profile, '$', 'token')),
    name: textOf(under(profile, 'Name')),
    widthPx: sizeOf(under(encoder, 'Resolution', 'Width')),
    heightPx: sizeOf(under(encoder, 'Resolution', 'Height')),
    encoding: textOf(under(encoder, 'Encoding')),
  }
}
