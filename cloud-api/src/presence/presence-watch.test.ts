import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPresenceWatch, type PresenceWatch, UNITS_ARE_BACK_MS } from './presence-watch.ts'

let trial: TrialIntake
let watch: PresenceWatch

beforeEach(async () => {
  trial = await openTrialIntake({ sites: 2 })
  const { intake, store, clock, log } = trial
  watch = createPresenceWatch({
    presence: store.presence,
    connectedSince: intake.connectedSince,
    clock,
    log,
    onChange: () => {},
  })
})
afterEach(() => trial.close())

const conditions = async () => (await trial.store.presence.all()).map(({ condition }) => condition)

test('doubts the unit that does not come back to a broker that forgot it, once the others had time to', async () => {
  const [stays, leaves] = trial.units
  if (stays === undefined || leaves === undefined) throw new Error('two units')
  await trial.say(stays.birth(1), leaves.birth(1))
  await until(async () => (await conditions()).length === 2)
  const gone = await trial.cutBroker()
  await until(() => trial.intake.connectedSince() === null)
  trial.clock.ahead += 60_000
  await watch.look()
  await gone.back()
  await trial.say(stays.birth(2))
  await until(async () => (await trial.store.presence.of(stays.unit))?.session === 2)
  trial.clock.ahead += UNITS_ARE_BACK_MS - 5_000
  await watch.look()
  expect(await conditions()).toEqual(['online', 'online'])
  trial.clock.ahead += 60_000
  await watch.look()
  expect(await conditions()).toEqual(['online', 'unknown'])
})
