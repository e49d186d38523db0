/**
 * The camera's rows of the agent's fault table. `retryable`: the same call may do better by itself, later; otherwise
 * somebody has to do something first.
 */
export const CAMERA_FAULTS = {
  'camera-address-wrong': {
    meaning: 'The configured address is no http or https address, or holds a password',
    technician: 'Correct the address in the settings; the password stands in its own file',
    retryable: false,
  },
  'camera-unreachable': {
    meaning: 'No connection to the camera',
    technician: 'Check power, network cable and address; then ping the camera from the unit',
    retryable: true,
  },
  'camera-timeout': {
    meaning: 'The camera took the connection and did not answer in time',
    technician: 'Cut and restore its power; if it comes back often, update its firmware or replace it',
    retryable: true,
  },
  'camera-refused-login': {
    meaning: 'The camera does not accept user and password',
    technician:
      'Check the ONVIF account on the camera (many keep one apart from the web account) and its password file',
    retryable: false,
  },
  'camera-not-onvif': {
    meaning: 'What answers there does not speak ONVIF',
    technician: "Enable ONVIF in the camera's own pages; check the port and the path of the address",
    retryable: false,
  },
  'camera-refused': {
    meaning: 'The camera answered that it cannot or will not do it',
    technician: 'Update its firmware; try the other client in its profile',
    retryable: true,
  },
  'camera-no-profile': {
    meaning: 'The camera names no media profile',
    technician: "Make a media profile in the camera's own pages, and let the ONVIF account see it",
    retryable: false,
  },
  'camera-no-snapshot': {
    meaning: 'No media profile of the camera has a picture address',
    technician:
      "Enable snapshots (JPEG) in the camera's own pages; or take pictures from its stream, by `rtsp` in its profile",
    retryable: false,
  },
  'camera-needs-ffmpeg': {
    meaning:
      'Pictures of this camera come from its video stream, and ffmpeg, which reads it, is not installed on the unit',
    technician: 'Install ffmpeg on the unit (apt-get install ffmpeg)',
    retryable: false,
  },
  'camera-preset-unknown': {
    meaning: 'The camera has no preset of this name',
    technician: "Make the preset on the camera, or correct its name in the site's document",
    retryable: false,
  },
  'camera-still-moving': {
    meaning: 'The camera did not come to rest at the preset in time, so that no picture was taken',
    technician: 'Look whether something blocks the head; check that no patrol is running',
    retryable: true,
  },
  'camera-answer-too-large': {
    meaning: 'The camera sent more than the cap',
    technician: 'Lower the resolution or the quality of its snapshots',
    retryable: true,
  },
  'camera-answer-broken': {
    meaning: 'The answer was cut short or cannot be read',
    technician: 'Check cable and connectors; update its firmware; try the other client in its profile',
    retryable: true,
  },
  'camera-redirected-elsewhere': {
    meaning: 'The camera sent us to another address, which is not followed',
    technician: "Put the camera's real address in the settings; if it wants https, write https",
    retryable: false,
  },
  'camera-certificate-untrusted': {
    meaning: "The camera's https certificate is not the one we believe",
    technician: 'Compare its fingerprint on the spot; if it is the camera, put it in the settings',
    retryable: false,
  },
  'picture-not-jpeg': {
    meaning: 'What came instead of a picture is no JPEG',
    technician: 'Open the picture address in a browser; choose JPEG for snapshots on the camera',
    retryable: true,
  },
  'discovery-failed': {
    meaning: 'The network interface does not take the question that looks for cameras',
    technician: 'Check that the interface is up and has an IPv4 address',
    retryable: true,
  },
  'camera-clock-wrong': {
    meaning: "The camera's clock is more than a minute off, so that the time it draws into its pictures is wrong",
    technician: 'Give the camera a time server (NTP)',
    retryable: false,
  },
} as const satisfies Record<string, { meaning: string; technician: string; retryable: boolean }>

export type CameraFaultCode = keyof typeof CAMERA_FAULTS

/** The camera, or the way to it, failed. Compared by `code`; the detail never holds a secret. */
export class CameraFault extends Error {
  readonly code: CameraFaultCode
  readonly retryable: boolean
  /** What is particular to this time, if anything: an HTTP status, the device's own words. */
  readonly detail: string | null

  constructor(code: CameraFaultCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? CAMERA_FAULTS[code].meaning : `${CAMERA_FAULTS[code].meaning}: ${detail}`, options)
    this.name = 'CameraFault'
    this.code = code
    this.detail = detail ?? null
    this.retryable = CAMERA_FAULTS[code].retryable
  }
}
