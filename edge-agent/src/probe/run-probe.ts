import { readFileSync } from 'node:fs'
import { CameraFault } from '../camera/camera-fault.ts'
import type { CameraStep, CameraTrust } from '../camera/camera-port.ts'
import { createCamera } from '../camera/create-camera.ts'
import { withinDeadline } from '../camera/deadline.ts'
import type { Time } from '../time.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { FAULT_WORDING } from './fault-wording.ts'
import { askLogin, findLogin, type ProbeLogin, UsageError } from './login.ts'
import { type ProbeReport, probeCamera } from './probe-camera.ts'
import type { ProbeOptions } from './probe-options.ts'
import { reportLines, stepLine } from './report-text.ts'
import { pictureName, type SavedPicture, savePicture } from './save-picture.ts'
import type { Terminal } from './terminal.ts'

export type ProbeDeps = { time: Time; terminal: Terminal; env: Readonly<Record<string, string | undefined>> }

/** The most that a profile may grant: whoever waits would rather wait than be told too soon. */
const ANSWER_WITHIN_MS = 60_000

/**
 * Looks at the camera at an address, asks for a login if it is refused without one, and says what it saw.
 * @returns the exit code
 * @throws UsageError
 */
export async function runProbe(
  address: string,
  options: ProbeOptions,
  { time, terminal, env }: ProbeDeps,
  signal: AbortSignal,
): Promise<number> {
  const url = address.includes('://') ? address : `http://${address}`
  const trust = trustOf(options)
  const { client, preset = null } = options
  const look = async (login: ProbeLogin | null): Promise<ProbeReport> => {
    const steps: CameraStep[] = []
    const onStep = (step: CameraStep) => {
      steps.push(step)
      if (!options.json) terminal.print(stepLine(step))
    }
    const deadlineMs = options.deadline * 1000
    const late = () => new CameraFault('camera-timeout', `${options.deadline} s`)
    const work = async (inTime: AbortSignal) => {
      const target = { url, user: login?.user ?? null, password: login?.password ?? null, ...(trust && { trust }) }
      const profile = { client, answerWithinMs: ANSWER_WITHIN_MS }
      // Sooner than the whole, so that the fault says whether the camera was reached.
      const options = { conversationWithinMs: deadlineMs * 0.9 }
      const camera = createCamera({ ...target, profile }, { clock: time, onStep }, options)
      return probeCamera(camera, { preset, steps }, inTime)
    }
    try {
      return await withinDeadline(deadlineMs, signal, late, work)
    } catch (error) {
      if (!(error instanceof CameraFault)) throw error
      return { steps, camera: null, picture: null, findings: [{ code: error.code, detail: error.detail }] }
    }
  }

  let login = await findLogin({ user: options.user, passwordFile: options.passwordFile, env }, terminal, signal)
  if (!options.json) terminal.print(url)
  let report = await look(login)
  if (login === null && report.findings[0]?.code === 'camera-refused-login') {
    if (terminal.ask !== null) terminal.remark('La caméra demande un compte.')
    login = await askLogin(terminal, signal)
    if (login !== null) report = await look(login)
    else report.findings[0].detail = "aucun compte n'a été donné, voir --user"
  }

  const saved = keep(report, url, options, time)
  if (options.json) terminal.print(JSON.stringify(jsonOf(url, report, saved)))
  else for (const line of reportLines(report, saved)) terminal.print(line)
  if (report.picture === null) return EXIT_CODES.faulty.code
  return report.findings.length > 0 || saved?.problem ? EXIT_CODES.mend.code : EXIT_CODES.good.code
}

function keep({ picture }: ProbeReport, url: string, options: ProbeOptions, time: Time): SavedPicture | null {
  if (picture === null || options.picture === false) return null
  const file = typeof options.picture === 'string' ? options.picture : pictureName(url, time.now())
  return savePicture(file, picture.bytes)
}

/** @throws UsageError */
function trustOf({ caFile, fingerprint }: ProbeOptions): CameraTrust | null {
  if (fingerprint !== undefined) return { fingerprint }
  if (caFile === undefined) return null
  try {
    return { authority: readFileSync(caFile, 'utf8') }
  } catch (cause) {
    throw new UsageError(`Le fichier de l'autorité ne peut pas être lu : ${caFile}`, { cause })
  }
}

function jsonOf(url: string, { steps, camera, picture, findings }: ProbeReport, saved: SavedPicture | null) {
  const { answerMs, contentType, bytes } = picture ?? {}
  return {
    url,
    steps,
    camera,
    picture: picture && {
      answerMs,
      contentType,
      bytes: bytes?.byteLength,
      file: saved?.problem === null ? saved.file : null,
    },
    findings: findings.map((finding) => ({ ...finding, ...FAULT_WORDING[finding.code] })),
  }
}
