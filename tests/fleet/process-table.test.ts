import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { describeMemory, readMemory } from './memory.ts'

test('the memory of a process counts those below it, by name', async () => {
  const child = spawn('sleep', ['600'])
  await once(child, 'spawn')
  const report = readMemory(process.pid, new Map([[child.pid ?? 0, 'sleeper']]))
  const sleeper = report.processes.find(({ name }) => name === 'sleeper')
  expect(sleeper?.parent).toBe(process.pid)
  expect(report.rssBytes).toBeGreaterThan(sleeper?.rssBytes ?? 0)
  expect(report.pssBytes).toBeLessThanOrEqual(report.rssBytes)
  expect(describeMemory(report)).toMatch(/sleeper .*MiB resident/)
  const ended = once(child, 'exit')
  child.kill()
  await ended
})
