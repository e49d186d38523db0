import onvif from 'onvif'
import { listOf, sizeOf, textOf, under } from './answer-tree.ts'
import { CameraFault } from './camera-fault.ts'
import { escapeXml } from './device-text.ts'
import { isOneMoving, type MediaProfile, type OnvifClient } from './onvif-client.ts'
import type { SoapPost } from './soap-post.ts'
import { parseSoap, type SoapAnswer } from './soap-tree.ts'

type CallParts = {
  _request(call: { body: string }, answer: SoapAnswer): void
  _envelopeHeader(): string
  _envelopeFooter(): string
}
type Services = { uri: NonNullable<onvif.Cam['uri']>; hasMedia2: boolean }

/**
 * npm `onvif` 0.8.3: the main adapter. It writes the envelopes and reads the answers; its own transport, `_requestPart2`,
 * is replaced by our SoapPost in the one place where all its requests pass. A Cam is made for each call, so that each has
 * its own signal; what GetServices found is carried from one to the next.
 * @param pin makes an address that the device named safe; null when it is none
 */
export function createOnvifAdapter(post: SoapPost, pin: (named: string) => URL | null): OnvifClient {
  let services: Services = { uri: {}, hasMedia2: false }

  function camFor(signal: AbortSignal): onvif.Cam {
    const cam = new onvif.Cam({ hostname: 'camera.invalid', autoconnect: false })
    cam.uri = { ...services.uri }
    cam.media2Support = services.hasMedia2
    const transport = ({ service, body }: { service?: string; body: string }, answer: SoapAnswer) => {
      const named = service === undefined ? null : (cam.uri?.[service]?.href ?? '')
      const address = named === null ? null : pin(named)
      if (named !== null && address === null) {
        answer(new CameraFault('camera-refused', `it has no ${service} service`))
        return
      }
      post(address, body, signal).then(
        (xml) => read(xml, answer),
        (error) => answer(error),
      )
    }
    return Object.assign(cam, { _requestPart2: transport })
  }

  async function ask<Value>(
    signal: AbortSignal,
    request: (cam: onvif.Cam, answer: SoapAnswer) => void,
  ): Promise<Value> {
    const cam = camFor(signal)
    try {
      return await new Promise((resolve, reject) => {
        request(cam, (error, data) => (error ? reject(error) : resolve(data as Value))) // each reader looks for itself
      })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw error instanceof CameraFault ? error : new CameraFault('camera-answer-broken', undefined, { cause: error })
    }
  }

  const profilesOf = (signal: AbortSignal) =>
    ask<unknown>(signal, (cam, answer) => {
      // The library trips over an answer without a single profile; to us it is an answer.
      cam.getProfiles((error, profiles, xml) => {
        const isEmpty = xml !== undefined && !/<(?:[\w.-]+:)?Profiles[\s>]/.test(xml)
        answer(isEmpty ? null : error, isEmpty ? [] : profiles)
      })
    })

  return {
    async readClock(signal) {
      const time = await ask<unknown>(signal, (cam, answer) => cam.getSystemDateAndTime(answer))
      return time instanceof Date && Number.isFinite(time.getTime()) ? time.getTime() : null
    },

    async readServices(signal) {
      // GetServices came with ONVIF 2.0; before it there was GetCapabilities.
      const found = await ask<Services>(signal, (cam, answer) => {
        const done = (error: Error | null) =>
          answer(error, { uri: cam.uri ?? {}, hasMedia2: cam.media2Support === true })
        cam.getServices(false, (error) => {
          if (error === null || isFinal(error)) done(error)
          else cam.getCapabilities(done)
        })
      })
      services = found
      const { media, media2, ptz } = found.uri
      return { media: (found.hasMedia2 ? media2 : media)?.href ?? media?.href ?? null, turning: ptz?.href ?? null }
    },

    async readInformation(signal) {
      // From the XML: the library makes numbers of what looks like one, and firmware "2.50" is not 2.5.
      const xml = await ask<string>(signal, (cam, answer) => {
        cam.getDeviceInformation((error, _, text) => answer(error, text))
      })
      const text = (name: string) => elementText(xml, name)
      return {
        maker: text('Manufacturer'),
        model: text('Model'),
        firmware: text('FirmwareVersion'),
        serial: text('SerialNumber'),
      }
    },

    async reboot(signal) {
      // Not the library's own call, which asks the service for inputs and outputs (deviceIO) instead of the device's.
      const order = '<SystemReboot xmlns="http://www.onvif.org/ver10/device/wsdl"/>'
      await ask(signal, (cam, answer) => {
        const parts = cam as unknown as CallParts // what each call of the library is made of
        parts._request({ body: parts._envelopeHeader() + order + parts._envelopeFooter() }, answer)
      })
    },

    async readProfiles(signal) {
      try {
        return listOf(await profilesOf(signal)).map(profileOf)
      } catch (error) {
        // Some announce Media2 and fail at it (D-Link DCS-8635LH, by the library's own notes).
        if (!services.hasMedia2 || services.uri.media === undefined || isFinal(error)) throw error
        services = { ...services, hasMedia2: false }
        return listOf(await profilesOf(signal)).map(profileOf)
      }
    },

    async readSnapshotAddress(profileToken, signal) {
      const options = { profileToken: escapeXml(profileToken) }
      return textOf(under(await ask(signal, (cam, answer) => cam.getSnapshotUri(options, answer)), 'uri'))
    },

    async readStreamAddress(profileToken, signal) {
      const options = { profileToken: escapeXml(profileToken), protocol: 'RTSP' }
      return textOf(under(await ask(signal, (cam, answer) => cam.getStreamUri(options, answer)), 'uri'))
    },

    async readPresets(profileToken, signal) {
      const options = { profileToken: escapeXml(profileToken) }
      // By token, from the Cam: what it gives back is by name, and two presets may have the same.
      const presets = await ask<object>(signal, (cam, answer) => {
        cam.getPresets(options, (error) => answer(error, cam.presets ?? {}))
      })
      return Object.entries(presets).map(([token, preset]) => ({ token, name: textOf(under(preset, 'name')) }))
    },

    async goToPreset(profileToken, presetToken, signal) {
      const options = { profileToken: escapeXml(profileToken), preset: escapeXml(presetToken) }
      await ask(signal, (cam, answer) => cam.gotoPreset(options, answer))
    },

    async nudge(profileToken, { pan, tilt, zoom }, signal) {
      const options = { profileToken: escapeXml(profileToken), x: pan, y: tilt, zoom }
      await ask(signal, (cam, answer) => cam.relativeMove(options, answer))
    },

    async isMoving(profileToken, signal) {
      const options = { profileToken: escapeXml(profileToken) }
      const status = under(await ask(signal, (cam, answer) => cam.getStatus(options, answer)), 'moveStatus')
      return isOneMoving([textOf(under(status, 'panTilt')), textOf(under(status, 'zoom'))])
    },
  }
}

/** The library's reader calls back inside itself and may throw in the middle of an answer it did not expect. */
function read(xml: string, answer: SoapAnswer): void {
  try {
    parseSoap(xml, answer)
  } catch (cause) {
    answer(new CameraFault('camera-answer-broken', undefined, { cause }))
  }
}

/** Asking in another way cannot help. */
function isFinal(error: unknown): boolean {
  return error instanceof CameraFault ? error.code !== 'camera-refused' : false
}

function profileOf(profile: unknown): MediaProfile {
  const encoder = under(profile, 'videoEncoderConfiguration')
  return {
    token: textOf(under(profile, '$', 'token')),
    name: textOf(under(profile, 'name')),
    widthPx: sizeOf(under(encoder, 'resolution', 'width')),
    heightPx: sizeOf(under(encoder, 'resolution', 'height')),
    encoding: textOf(under(encoder, 'encoding')),
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function elementText(xml: string, name: string): string {
  const content = new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>([^<]*)<`).exec(xml)?.[1] ?? ''
  return content.replaceAll(/&(\w+);/g, (entity, word: string) => ENTITIES[word] ?? entity)
}
