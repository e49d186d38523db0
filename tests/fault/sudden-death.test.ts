import { test } from 'vitest'
import { coordinate } from './coordinator/coordinator.ts'
import { FLEET, KILLS_OF_EACH, killInTurn, ofEach, PARTS } from './coordinator/kill-in-turn.ts'

test(`loses and doubles no frame when broker, cloud and agents are each killed ${KILLS_OF_EACH / 2} times over SQLite`, async () => {
  const coordinator = await coordinate('sudden-death', FLEET)
  try {
    await killInTurn(coordinator, ofEach(PARTS, KILLS_OF_EACH / 2), (part) => coordinator.kill(part))
  } finally {
    await coordinator.end()
  }
})
