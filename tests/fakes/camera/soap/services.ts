/** The services of the camera and where they stand; GetServices and GetCapabilities name them. */
export const services = [
  { id: 'device', namespace: 'http://www.onvif.org/ver10/device/wsdl', path: '/onvif/device_service' },
  { id: 'media', namespace: 'http://www.onvif.org/ver10/media/wsdl', path: '/onvif/media_service' },
  { id: 'ptz', namespace: 'http://www.onvif.org/ver20/ptz/wsdl', path: '/onvif/ptz_service' },
] as const

export type ServiceId = (typeof services)[number]['id']
