import type { ResultOf } from '@vigie/contract/command-result'
import type { CameraId } from '@vigie/contract/ids'
import sharp from 'sharp'
import type { CameraPort } from '../camera/camera-port.ts'
import { faultCodeOf } from '../faults.ts'
import { judgeJpeg } from '../frame/open-jpeg.ts'
import { probeCamera } from '../probe/probe-camera.ts'

const MAX_PRESETS = 32

/**
 * Looks at a camera of the unit through the port that its pictures come by, so that the two never stand in each other's way.
 * Nothing of the picture is told but its size: it is not masked.
 */
export async function probeOneCamera(
  camera: CameraId,
  port: CameraPort,
  signal: AbortSignal,
): Promise<ResultOf<'camera'>> {
  const { camera: told, picture, findings } = await probeCamera(port, { preset: null, steps: [] }, signal)
  const size = picture === null ? null : await sizeOf(picture.bytes)
  const { maker = null, model = null, firmware = null, clockOffsetMs = null, presets = [] } = told ?? {}
  return {
    of: 'camera',
    ...{ camera, maker, model, firmware, clockOffsetMs },
    presets: presets.slice(0, MAX_PRESETS),
    picture: picture && size?.picture ? { ...size.picture, answerMs: picture.answerMs } : null,
    findings: [...findings.map(({ code }) => code), ...(size?.fault ? [size.fault] : [])].slice(0, 8),
  }
}

async function sizeOf(bytes: Uint8Array) {
  try {
    await judgeJpeg(bytes)
    const { width, height } = await sharp(bytes).metadata()
    return { picture: { widthPx: width, heightPx: height, bytes: bytes.byteLength }, fault: null }
  } catch (error) {
    const fault = faultCodeOf(error)
    if (fault === null) throw error
    return { picture: null, fault }
  }
}
