import { uptime } from 'node:os'
import { expect, test } from 'vitest'
import { readMachineBoot } from './machine-boot.ts'

test.runIf(process.platform === 'linux')('names the boot of the machine, and how long it had been up', () => {
  const [one, two] = [readMachineBoot(performance.now()), readMachineBoot(performance.now())]
  expect(one?.id).toMatch(/^[0-9a-f-]{36}$/)
  expect(two?.id).toBe(one?.id)
  // Of two processes the same moment has the same distance from the boot.
  expect(Math.abs((two?.upAtZeroMs ?? 0) - (one?.upAtZeroMs ?? 0))).toBeLessThan(1000)
  expect(Math.abs((one?.upAtZeroMs ?? 0) + performance.now() - uptime() * 1000)).toBeLessThan(10_000)
})

test('says nothing where no kernel does', () => {
  expect(readMachineBoot(0, '/nowhere')).toBeNull()
})
