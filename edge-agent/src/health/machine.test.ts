import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readMachine } from './machine.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-machine-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function sensor(zone: string, type: string, temp: string): void {
  mkdirSync(join(folder, zone))
  writeFileSync(join(folder, zone, 'type'), `${type}\n`)
  writeFileSync(join(folder, zone, 'temp'), `${temp}\n`)
}

test("reads the processor's sensor among several, the disk of the data folder and the memory", async () => {
  sensor('thermal_zone0', 'acpitz', '27800')
  sensor('thermal_zone1', 'x86_pkg_temp', '51250')
  const machine = await readMachine(folder, folder)
  expect(machine.temperatureC).toBe(51.25)
  expect(machine.diskTotalBytes).toBeGreaterThan(machine.diskFreeBytes ?? Infinity)
  expect(machine.memoryBytes).toBeGreaterThan(10_000_000)
  expect(machine.memoryFreeBytes).toBeGreaterThan(0)
})

test('says that it does not know, and makes no number up, without a sensor or a disk', async () => {
  const nowhere = join(folder, 'nowhere')
  expect(await readMachine(nowhere, nowhere)).toMatchObject({
    temperatureC: null,
    diskFreeBytes: null,
    diskTotalBytes: null,
  })
  sensor('thermal_zone0', 'cpu-thermal', '4294967295')
  expect((await readMachine(folder, folder)).temperatureC).toBeNull()
})
