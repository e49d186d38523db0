import { CameraFault, type CameraFaultCode } from '../camera/camera-fault.ts'
import type { CameraDescription, CameraPicture, CameraPort, CameraStep } from '../camera/camera-port.ts'

/** Beyond it the time that a camera draws into its pictures would mislead whoever reads it. */
const CLOCK_OFFSET_MAX_MS = 60_000

export type Finding = { code: CameraFaultCode; detail: string | null }

/** What a look at one camera gave. */
export type ProbeReport = {
  steps: CameraStep[]
  camera: CameraDescription | null
  picture: CameraPicture | null
  /** What is wrong, the worst first; empty: all is well. */
  findings: Finding[]
}

/**
 * Looks at one camera as far as it lets itself be looked at: what it is, then one picture. A fault is a finding of the
 * report, not an error; cancelled, it rejects with the signal's reason.
 * @param steps filled by whoever made the port, as its steps end
 */
export async function probeCamera(
  port: CameraPort,
  { preset, steps }: { preset: string | null; steps: CameraStep[] },
  signal: AbortSignal,
): Promise<ProbeReport> {
  let camera: CameraDescription | null = null
  let picture: CameraPicture | null = null
  const findings: Finding[] = []
  try {
    camera = await port.describe(signal)
    picture = await port.grabPicture(preset, signal)
  } catch (error) {
    if (!(error instanceof CameraFault)) throw error
    findings.push({ code: error.code, detail: error.detail })
  }
  const offsetMs = camera?.clockOffsetMs ?? 0
  if (Math.abs(offsetMs) > CLOCK_OFFSET_MAX_MS) findings.push({ code: 'camera-clock-wrong', detail: null })
  return { steps, camera, picture, findings }
}
