import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSceneCode } from '../fakes/camera/picture/read-scene-code.ts'
import { createFakeClock, fakeTimeLibrary } from '../fixtures/fake-clock.ts'
import { pictureFile, readCloudRows } from './coordinator/cloud-rows.ts'
import { coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'

const FRAMES_OF_EACH = process.env['VIGIE_SOAK'] === '1' ? 60 : 3
const DAY_S = 86_400
/** From the camera's word to the unit's: an answer on a busy machine, and what a receipt's way leaves open. */
const TOLERANCE_MS = 15_000

test('dates every frame rightly that was made with the clock at 1970, then corrected, then a day behind and a day ahead', async ({
  skip,
}) => {
  skip(fakeTimeLibrary() === null, 'libfaketime is not on this machine')
  const folder = mkdtempSync(join(tmpdir(), 'vigie-clock-'))
  const clock = createFakeClock(folder)
  const to1970 = -Math.floor(Date.now() / 1000) + 60
  clock.setOffset(to1970)
  const coordinator = await coordinate('wrong-clock', {
    ...{ sites: ['allos', 'riez'], pace: 30 },
    wrap: (program) =>
      program.name.startsWith('agents-') ? { ...program, env: { ...program.env, ...clock.env } } : program,
  })
  const { timeline } = coordinator
  const setClock = (offsetS: number, told: string) => {
    clock.setOffset(offsetS)
    timeline.note('clock', told)
  }
  try {
    // A boot at 1970 without a network: what is made now can be dated only when a receipt has come.
    await coordinator.cut()
    await coordinator.kill('agents-1')
    await coordinator.moreFrames(FRAMES_OF_EACH)
    coordinator.restore()
    await coordinator.moreFrames(FRAMES_OF_EACH)
    setClock(0, 'corrected')
    await coordinator.moreFrames(FRAMES_OF_EACH)
    setClock(-DAY_S, 'set a day back')
    await coordinator.moreFrames(FRAMES_OF_EACH)
    setClock(DAY_S, 'set a day ahead')
    await coordinator.moreFrames(FRAMES_OF_EACH)
    setClock(to1970, 'set to 1970')
    await coordinator.kill('agents-1')
    await coordinator.moreFrames(FRAMES_OF_EACH)

    const verdict = await coordinator.verdict('1970, corrected, a day back, a day ahead, 1970')
    const { frames } = await readCloudRows(coordinator.dataFolder)
    const errors = await Promise.all(
      frames.map(async ({ id, sha256, capturedAt, clock: state }) => {
        const shown = await readSceneCode(readFileSync(pictureFile(coordinator.dataFolder, sha256)))
        return { id, state, errorMs: shown === undefined ? null : capturedAt - shown.at }
      }),
    )
    const measured = errors.flatMap(({ errorMs }) => errorMs ?? [])
    const estimated = errors.filter(({ state }) => state === 'estimated').length
    console.log(
      `wrong-clock: ${measured.length} of ${errors.length} frames show their true time, ${estimated} are marked estimated, ` +
        `errors ${Math.min(...measured)} to ${Math.max(...measured)} ms`,
    )
    expectNothingLost(verdict)
    expect(verdict.expired).toBe(0)
    expect(verdict.stored + verdict.notKept.length).toBeGreaterThanOrEqual(verdict.made)
    expect(measured.length).toBeGreaterThan(errors.length / 2)
    expect(errors.filter(({ errorMs }) => errorMs !== null && Math.abs(errorMs) > TOLERANCE_MS)).toEqual([])
    // Those that were made before anybody could tell the time say so.
    expect(estimated).toBeGreaterThanOrEqual(FRAMES_OF_EACH)
  } finally {
    await coordinator.end()
    rmSync(folder, { recursive: true, force: true })
  }
})
