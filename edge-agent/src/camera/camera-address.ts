import { CameraFault } from './camera-fault.ts'

/**
 * Reads the address of a camera's device service. Without a path it is the one that ONVIF prescribes.
 * @throws CameraFault `camera-address-wrong`
 */
export function parseCameraAddress(text: string): URL {
  if (!URL.canParse(text)) throw new CameraFault('camera-address-wrong')
  const url = new URL(text)
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
  if (!isHttp || url.username !== '' || url.password !== '') throw new CameraFault('camera-address-wrong')
  if (url.pathname === '/') url.pathname = '/onvif/device_service'
  return url
}
