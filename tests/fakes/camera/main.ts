import { ProblemsError } from '@vigie/config-schema/problems'
import { readCameras, runCameras } from './cameras.ts'
import { createStudioThread } from './picture/studio-thread.ts'

// The drawing library's allocator gives freed memory back at once: 25 MB less for a fleet. Read when the studio loads it.
process.env['MIMALLOC_PURGE_DELAY'] ??= '0'

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: main.js FILE   FILE: a JSON list of camera options, see options.ts')
  process.exitCode = 64
} else {
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())
  const clock = { now: () => Date.now(), monotonicMs: () => performance.now() }
  try {
    const cameras = readCameras(file)
    const studio = createStudioThread()
    await runCameras(cameras, { clock, studio }, announce, stop.signal)
    await studio.close()
  } catch (problem) {
    console.error(problem instanceof ProblemsError ? problem.message : problem)
    process.exitCode = problem instanceof ProblemsError ? 78 : 1
  }
}

/** One line that whoever started this process waits for. */
function announce(cameras: { url: string; snapshotUrl: string }[]): void {
  const addresses = cameras.map(({ url, snapshotUrl }) => ({ url, snapshotUrl }))
  console.log(JSON.stringify({ event: 'cameras.listening', cameras: addresses }))
}
