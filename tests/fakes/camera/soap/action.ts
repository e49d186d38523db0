import type { Element, SoapFault } from './envelope.ts'
import type { Xml } from './xml.ts'

/** What the services know of the camera they speak for. */
export type Device = {
  name: string
  serial: string
  hostname: string
  /** The camera's own time, in milliseconds since 1970. */
  now(): number
  /** `http://host:port` as the client reached it, or as a misbehaving camera names itself. */
  base: string
  pictureWidthPx: number
  pictureHeightPx: number
  /** With fewer than two presets the camera has no PTZ service. */
  presets: readonly { token: string; name: string }[]
  /** Turns the camera; false: no such preset. */
  goTo(token: string): boolean
  hasProfiles: boolean
}

export type Action = {
  /** ONVIF core specification, access class PRE_AUTH: answered without looking at credentials. */
  isOpen?: true
  answer(device: Device, arguments_: Element): Xml | SoapFault
}

export const hasPtz = (device: Device): boolean => device.presets.length > 1
