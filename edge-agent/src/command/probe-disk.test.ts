import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { probeDisk } from './probe-disk.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-disk-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const deps = {
  clock: { monotonicMs: () => performance.now() },
  readMachine: async () => ({ diskFreeBytes: 5, diskTotalBytes: 10 }),
}

test('tells how long writes take, and leaves nothing behind', async () => {
  const told = await probeDisk(folder, { ...deps, blockFolder: join(folder, 'none') })
  expect(told).toMatchObject({ of: 'disk', freeBytes: 5, totalBytes: 10, wornPercent: null })
  expect(told.writesMs).toHaveLength(16)
  expect(readdirSync(folder)).toEqual([])
})

test('tells the worse wear of an eMMC, in percent', async () => {
  const device = join(folder, 'block', 'mmcblk0', 'device')
  mkdirSync(device, { recursive: true })
  writeFileSync(join(device, 'life_time'), '0x02 0x05\n')
  const told = await probeDisk(folder, { ...deps, blockFolder: join(folder, 'block') })
  expect(told.wornPercent).toBe(50)
})

test('a disk that cannot be written is that fault', async () => {
  await expect(probeDisk(join(folder, 'gone'), deps)).rejects.toMatchObject({ code: 'disk-failing' })
})
