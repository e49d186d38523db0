import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ContentFiles, createContentFiles } from './content-files.ts'

const bytes = Buffer.from('%PDF-1.7')
const sha256 = createHash('sha256').update(bytes).digest('hex')
let folder: string
let files: ContentFiles

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-content-'))
  let count = 0
  files = createContentFiles(folder, { newName: () => `part${count++}` })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('keeps the same bytes once, under their hash, and gives them back', async () => {
  expect(await files.read(sha256, 'pdf')).toBeNull()
  expect([await files.keep(bytes, 'pdf'), await files.keep(bytes, 'pdf')]).toEqual([sha256, sha256])
  expect(await files.read(sha256, 'pdf')).toEqual(bytes)
  expect(readdirSync(join(folder, sha256.slice(0, 2)))).toEqual([`${sha256}.pdf`])
})

test('leaves nothing behind of a file that could not take its place, and says which fault it was', async () => {
  const inItsPlace = join(folder, sha256.slice(0, 2), `${sha256}.pdf`)
  await mkdir(join(inItsPlace, 'taken'), { recursive: true })
  await expect(files.keep(bytes, 'pdf')).rejects.toMatchObject({ code: 'pictures-unavailable' })
  expect(readdirSync(join(folder, sha256.slice(0, 2)))).toEqual([`${sha256}.pdf`])
})
