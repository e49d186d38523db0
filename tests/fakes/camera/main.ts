import { readFileSync } from 'node:fs'
import { ProblemsError, problemsOf } from '@vigie/config-schema/problems'
import Type from 'typebox'
import { CameraOptions } from './options.ts'
import { createStudio } from './picture/studio.ts'
import { createCameraSimulator } from './simulator.ts'

/** Runs every camera of a JSON file (a list of camera options) in this process until SIGTERM or SIGINT. */
async function main(file: string): Promise<void> {
  const studio = createStudio()
  const clock = { now: () => Date.now(), monotonicMs: () => performance.now() }
  const cameras = await Promise.all(
    readCameras(file).map((options) => createCameraSimulator({ ...options, clock, studio })),
  )
  const listening = cameras.map(({ url, snapshotUrl }) => ({ url, snapshotUrl }))
  console.log(JSON.stringify({ event: 'cameras.listening', cameras: listening }))
  await new Promise((stop) => {
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
  await Promise.all(cameras.map((camera) => camera.close()))
}

function readCameras(file: string): CameraOptions[] {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const problems = problemsOf(Type.Array(CameraOptions))(value)
  if (problems.length > 0) throw new ProblemsError(file, problems)
  return value as CameraOptions[] // checked on the line above
}

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: main.js FILE   FILE: a JSON list of camera options')
  process.exitCode = 64
} else {
  main(file).catch((problem: unknown) => {
    console.error(problem instanceof ProblemsError ? problem.message : problem)
    process.exitCode = problem instanceof ProblemsError ? 78 : 1
  })
}
