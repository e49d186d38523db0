import type { CameraDescription, CameraMediaProfile, CameraPreset, HeadMove } from './camera-port.ts'

/** Where a device's services answer, as it says itself; null where it has none. Not pinned yet. */
export type ServiceAddresses = { media: string | null; turning: string | null }

export type MediaProfile = Pick<CameraMediaProfile, 'token' | 'name' | 'widthPx' | 'heightPx' | 'encoding'>

/**
 * What the port needs of an ONVIF library: write a request, read an answer. Its tokens and texts are as the device gave
 * them. Each call rejects with what its SoapPost rejects with, or with a `camera-answer-broken` when the answer cannot be
 * read. It keeps nothing that changes but what `readServices` found.
 */
export type OnvifClient = {
  /** The camera's wall time, in milliseconds since 1970 UTC; null when it does not tell. */
  readClock(signal: AbortSignal): Promise<number | null>
  /** To be called before all that follows. */
  readServices(signal: AbortSignal): Promise<ServiceAddresses>
  reboot(signal: AbortSignal): Promise<void>
  readInformation(signal: AbortSignal): Promise<Pick<CameraDescription, 'maker' | 'model' | 'firmware' | 'serial'>>
  readProfiles(signal: AbortSignal): Promise<MediaProfile[]>
  readSnapshotAddress(profileToken: string, signal: AbortSignal): Promise<string>
  readStreamAddress(profileToken: string, signal: AbortSignal): Promise<string>
  readPresets(profileToken: string, signal: AbortSignal): Promise<CameraPreset[]>
  nudge(profileToken: string, by: HeadMove, signal: AbortSignal): Promise<void>
  goToPreset(profileToken: string, presetToken: string, signal: AbortSignal): Promise<void>
  /** Null when the camera does not tell. */
  isMoving(profileToken: string, signal: AbortSignal): Promise<boolean | null>
}

/** ONVIF's MoveStatus of head and zoom, those that a camera gives: true while one moves, null when it does not tell. */
export function isOneMoving(statuses: string[]): boolean | null {
  const told = statuses.filter((status) => status !== '')
  if (told.some((status) => status === 'MOVING')) return true
  return told.length > 0 && told.every((status) => status === 'IDLE') ? false : null
}
