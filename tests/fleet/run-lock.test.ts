import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProcess } from './process-table.ts'
import { FolderInUse, takeRunLock } from './run-lock.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'vigie-lock-'))
const ignore = () => {}

test('a folder has one owner at a time', () => {
  const data = folder()
  const lock = takeRunLock(data, ignore)
  expect(() => takeRunLock(data, ignore)).toThrow(FolderInUse)
  lock.release()
  takeRunLock(data, ignore).release()
  expect(existsSync(join(data, 'run.json'))).toBe(false)
})

test('the lock of a killed owner is taken over, and what it left running is ended', async () => {
  const data = folder()
  const left = spawn('sleep', ['600'])
  await once(left, 'spawn')
  const child = { name: 'agents-1', pid: left.pid ?? 0, startedAt: readProcess(left.pid ?? 0)?.startedAt }
  const owner = { name: 'fleet', pid: process.pid, startedAt: -1, children: [child] }
  writeFileSync(join(data, 'run.json'), JSON.stringify(owner))
  const notes: string[] = []
  const ended = once(left, 'exit')
  const lock = takeRunLock(data, (line) => notes.push(line))
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(notes.join()).toMatch(/was killed; ending 1 processes/)
  lock.release()
})

test('a process that only got the number of one left behind is let alone', () => {
  const data = folder()
  const stranger = { name: 'agents-1', pid: process.pid, startedAt: -1 }
  writeFileSync(join(data, 'run.json'), JSON.stringify({ ...stranger, children: [stranger] }))
  takeRunLock(data, ignore).release()
})
