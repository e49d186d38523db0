import { test } from 'vitest'
import { postgresPrograms, startPostgres } from '../fixtures/postgres.ts'
import { coordinate } from './coordinator/coordinator.ts'
import { FLEET, KILLS_OF_EACH, killInTurn, ofEach, PARTS } from './coordinator/kill-in-turn.ts'

test(`loses and doubles no frame when PostgreSQL is killed ${KILLS_OF_EACH} times, and the others ${KILLS_OF_EACH / 2} times each`, async ({
  skip,
}) => {
  skip(postgresPrograms() === null, 'PostgreSQL is not on this machine')
  const postgres = await startPostgres()
  const DATABASE_URL = await postgres.createDatabase()
  const coordinator = await coordinate('sudden-death', { ...FLEET, cloud: { DATABASE_URL } })
  try {
    const victims = [...ofEach(PARTS, KILLS_OF_EACH / 2), ...ofEach(['postgres'] as const, KILLS_OF_EACH)]
    await killInTurn(coordinator, victims, async (part) => {
      if (part !== 'postgres') return coordinator.kill(part)
      coordinator.timeline.note(part, 'killed')
      await postgres.killAndRestart()
      coordinator.timeline.note(part, 'started again')
    })
  } finally {
    await coordinator.end()
    await postgres.stop()
  }
})
