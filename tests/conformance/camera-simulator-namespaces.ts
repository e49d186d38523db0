/** The services of ONVIF that the camera simulator has, as their WSDLs name them. */
export const DEVICE = 'http://www.onvif.org/ver10/device/wsdl'
export const MEDIA = 'http://www.onvif.org/ver10/media/wsdl'
export const PTZ = 'http://www.onvif.org/ver20/ptz/wsdl'
