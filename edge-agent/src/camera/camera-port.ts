/**
 * A camera as the agent sees it. Two adapters stand behind it (npm `onvif` and npm `node-onvif`), chosen by the camera's
 * profile; tests/conformance/camera-port.test.ts holds both to these promises:
 *
 * - Every call ends: with its value, with a CameraFault, or cancelled. Each has one deadline over all its requests.
 * - A call whose signal is aborted rejects at once with the signal's reason, which is no CameraFault: cancelled is not
 *   failed. Its sockets are destroyed.
 * - Calls on one camera run one after the other, in the order they were made: a camera that turns cannot serve two.
 * - No answer is read beyond its cap, and nothing is ever sent to another host than the configured one, whatever
 *   addresses the device names.
 * - What the device says of itself (addresses, profiles, clock) is kept between calls and asked again after a fault.
 */
export type CameraPort = {
  /** Asks the camera what it is and what it can do. */
  describe(signal: AbortSignal): Promise<CameraDescription>
  /**
   * One picture, as the camera made it: not masked, not decoded, only known to begin as a JPEG.
   * @param preset name or token of the camera's own preset to turn to first, and to stand still at; null: as it stands
   */
  grabPicture(preset: string | null, signal: AbortSignal): Promise<CameraPicture>
  /** Moves the head by parts of its range and returns when it stands still; `camera-refused` where there is no head. */
  nudge(by: HeadMove, signal: AbortSignal): Promise<void>
  /** Tells the camera to start anew; it is away for one to two minutes. Returns when it has taken the order. */
  reboot(signal: AbortSignal): Promise<void>
  /** Cancels what runs and what waits, with a reason of its own where there is one. Calls made afterwards are cancelled too. */
  close(why?: unknown): void
}

/** Parts of the whole range of a head, each from -1 to 1; 0: not moved. */
export type HeadMove = { pan: number; tilt: number; zoom: number }

export type CameraPicture = {
  /** JPEG; at most 8 MiB. */
  bytes: Uint8Array
  /** From the request of the picture to its last byte, with the round trip of a login if one was needed. */
  answerMs: number
  /** As the camera said it, which may be wrong: the bytes were looked at instead. */
  contentType: string
}

/** What a camera says of itself. Every text is the device's own, cut to 120 characters and free of control characters. */
export type CameraDescription = {
  maker: string
  model: string
  firmware: string
  serial: string
  /** The camera's clock minus ours, in milliseconds, to about a second; null when it does not tell its time. */
  clockOffsetMs: number | null
  /** At least one. */
  profiles: CameraMediaProfile[]
  /** Of the profile that pictures are taken from; empty when the camera does not turn. */
  presets: CameraPreset[]
  /** Hosts that the device named and that were replaced by the configured one. */
  foreignHosts: string[]
}

export type CameraMediaProfile = {
  token: string
  name: string
  /** Null when the camera does not tell. */
  widthPx: number | null
  heightPx: number | null
  encoding: string
  /** Where a picture is fetched, on the configured host; null when this profile has none. */
  snapshotUrl: string | null
  /** RTSP address as the device names it, its host replaced by the configured one; null when it has none. */
  streamUrl: string | null
}

export type CameraPreset = { token: string; name: string }

/** One step of a conversation with a camera, told as it ends, for whoever wants to show how it goes. */
export type CameraStep = {
  name: 'clock' | 'services' | 'profiles' | 'addresses' | 'information' | 'streams' | 'presets' | 'move' | 'picture'
  tookMs: number
  isDone: boolean
}

/** How a camera is reached. */
export type CameraTarget = {
  /** ONVIF device service: `http://192.0.2.7/onvif/device_service`. Without a path, that one. */
  url: string
  /** Null: the camera asks for no login. */
  user: string | null
  password: string | null
  /** Only for https: which certificate is believed. Default: the authorities of the machine. */
  trust?: CameraTrust
}

/**
 * `authority`: certificates in PEM; the camera's must come from one of them and bear its host's name.
 * `fingerprint`: SHA-256 of the camera's own certificate, in hexadecimal; its name and dates do not count.
 */
export type CameraTrust = { authority: string } | { fingerprint: string }
