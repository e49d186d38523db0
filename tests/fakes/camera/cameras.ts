import { readFileSync } from 'node:fs'
import { ProblemsError, problemsOf } from '@vigie/config-schema/problems'
import type { Clock } from '@vigie/contract/clock'
import Type from 'typebox'
import { CameraOptions } from './options.ts'
import type { Studio } from './picture/studio.ts'
import { type CameraSimulator, createCameraSimulator } from './simulator.ts'

/** Reads a JSON list of camera options; throws a ProblemsError that names every place that is wrong. */
export function readCameras(file: string): CameraOptions[] {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const problems = problemsOf(Type.Array(CameraOptions))(value)
  if (problems.length > 0) throw new ProblemsError(file, problems)
  return value as CameraOptions[] // checked on the line above
}

/** Runs many cameras over one studio, so that a fleet takes the memory of one canvas, until the signal. */
export async function runCameras(
  cameras: readonly CameraOptions[],
  { clock, studio }: { clock: Clock; studio: Studio },
  listening: (cameras: CameraSimulator[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const running: CameraSimulator[] = []
  try {
    for (const options of cameras) running.push(await createCameraSimulator({ ...options, clock, studio }))
    listening(running)
    if (!signal.aborted) await new Promise((stop) => signal.addEventListener('abort', stop, { once: true }))
  } finally {
    await Promise.all(running.map((camera) => camera.close()))
  }
}
