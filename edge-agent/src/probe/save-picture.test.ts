import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pictureName, savePicture } from './save-picture.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vigie-probe-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test('keeps the picture for its owner alone, and never over another file', () => {
  const file = join(folder(), 'a.jpg')
  expect(savePicture(file, new Uint8Array([1, 2]))).toEqual({ file, problem: null })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(savePicture(file, new Uint8Array([3])).problem).toContain('existe déjà')
  expect([...readFileSync(file)]).toEqual([1, 2])
})

test('says why it cannot', () => {
  expect(savePicture(join(folder(), 'nowhere', 'a.jpg'), new Uint8Array()).problem).toContain("le dossier n'existe pas")
})

test('names it by camera and time, and stays in the folder whatever the address', () => {
  expect(pictureName('http://192.0.2.7:81/x', Date.UTC(2026, 10, 22, 2, 5, 9))).toBe(
    'camera-192.0.2.7-20261122T020509Z.jpg',
  )
  expect(pictureName('http://[2001:db8::1]/../..', 0)).toBe('camera-_2001_db8__1_-19700101T000000Z.jpg')
})
