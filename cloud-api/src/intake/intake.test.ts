import { readFile } from 'node:fs/promises'
import { trialPicture } from '@vigie/tests/fixtures/trial-fleet'
import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let trial: TrialIntake
const open = async (options?: Parameters<typeof openTrialIntake>[0]) => {
  trial = await openTrialIntake(options)
}
afterEach(() => trial.close())

describe('a frame', () => {
  beforeEach(() => open())

  test('is on the disk, in the tables and in the log of live events when its receipt comes', async () => {
    const { unit, store, pictures } = trial
    const picture = await trialPicture(1)
    const frame = await unit.frame({ picture })
    await trial.say(unit.birth(1), frame)
    expect(await trial.receiptOf(frame)).toEqual({ id: frame.id, outcome: 'stored' })
    const row = await store.frames.frameById(frame.id)
    expect(row).toMatchObject({ site: 'essai-1', unit: 'vg-0001', camera: 'cam1', preset: 'amont', maskVersion: 3 })
    expect(await readFile(pictures.pathOf(row?.sha256 ?? '', 'full'))).toEqual(Buffer.from(picture))
    expect((await store.liveEvents.after(0, 10)).map(({ cause }) => cause)).toEqual(['presence', 'frame'])
  })
})
