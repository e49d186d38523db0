import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type KeptProcess, keepProcess } from './kept-process.ts'
import { readProcess } from './process-table.ts'
import { openRotatedLog } from './rotated-log.ts'
import { MACHINE_BOOT, simulatedMachine } from './simulated-machine.ts'

const kept: KeptProcess[] = []
afterEach(async () => {
  for (const one of kept.splice(0)) await one.stop(5_000)
})

/** Keeps a program of these lines, and gives an iterator-like wait for what it says about itself. */
function keep(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-kept-'))
  const file = join(folder, 'program.mjs')
  writeFileSync(file, source)
  const notes: string[] = []
  const waiting: (() => void)[] = []
  const happened = () => {
    for (const wake of waiting.splice(0)) wake()
  }
  const log = openRotatedLog(join(folder, 'program.log'))
  const write = (text: Uint8Array | string) => {
    log.write(text)
    happened()
  }
  const note = (line: string) => {
    notes.push(line)
    happened()
  }
  const one = keepProcess(
    { name: 'program', file, env: {} },
    { log: { ...log, write }, policy: { firstMs: 1, capMs: 10 }, note, changed: happened },
  )
  kept.push(one)
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((wake) => waiting.push(wake))
  }
  return { one, notes, until }
}

const WAITS = "console.log('up'); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)"

test('starts again who was killed, with a note', async () => {
  const { one, notes, until } = keep(WAITS)
  await until(() => one.tail(1).includes('up'))
  const first = one.pid()
  await one.kill('SIGKILL')
  await until(() => one.starts() === 2)
  expect(one.pid()).not.toBe(first)
  expect(notes.join()).toMatch(/program ended \(SIGKILL\); starting it again/)
})

test('gives who is killed the same machine again, and who is cut off from its power one that has just started', async () => {
  const { one, until } = keep(`console.log('up', process.env.${MACHINE_BOOT}); setInterval(() => {}, 1000)`)
  const told = async (starts: number) => {
    await until(() => one.tail(9).split('up ').length > starts)
    return one.tail(1).trim()
  }
  const first = await told(1)
  await one.kill('SIGKILL')
  expect(await told(2)).toBe(first)
  await one.cutPower()
  expect(one.pid()).toBeUndefined()
  one.up()
  const next = await told(3)
  expect(next).not.toBe(first)
  const machine = simulatedMachine(next.slice('up '.length), performance.now())
  expect(machine?.id).toMatch(/^[0-9a-f-]{36}$/)
  // Its clock began when the plug was pulled.
  expect((machine?.upAtZeroMs ?? Infinity) + performance.now()).toBeLessThan(60_000)
})

test('ends for good who is stopped, and does not start it again', async () => {
  const { one, until } = keep(WAITS)
  await until(() => one.tail(1).includes('up'))
  const pid = one.pid() ?? 0
  await one.stop(5_000)
  expect(one.pid()).toBeUndefined()
  expect(readProcess(pid)).toBeUndefined()
  expect(one.starts()).toBe(1)
})

test('kills who does not stop, at once when there is hurry', async () => {
  const { one, notes, until } = keep("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)")
  await until(() => one.tail(1).includes('up'))
  await one.stop(3_600_000, AbortSignal.abort())
  expect(one.pid()).toBeUndefined()
  expect(notes.join()).toMatch(/did not stop in time/)
})

test('gives up who says that its configuration is wrong, and shows why', async () => {
  const { one } = keep("console.error('mqttUrl: is missing'); process.exitCode = 78")
  await expect(one.failed).rejects.toThrow(/mqttUrl: is missing/)
  expect(one.starts()).toBe(1)
})
