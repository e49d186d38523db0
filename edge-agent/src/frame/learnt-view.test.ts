import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { drawnProbe } from './drawn-probe.fixture.ts'
import { createLearntViewFile } from './learnt-view.ts'
import { edgesOf } from './view-edges.ts'
import { emptyReference, learnView, matchView } from './view-reference.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-learnt-'))
afterAll(() => rmSync(folder, { recursive: true }))
const everything = new Uint8Array(240 * 135).fill(1)
const edges = (options: Parameters<typeof drawnProbe>[0]) => edgesOf(drawnProbe(options), everything)
const seen = { light: { differed: 90, alike: 1 }, dark: { differed: 40, alike: 0 } }

function learntReference() {
  let reference = emptyReference(edges({}))
  for (let seed = 1; seed <= 6; seed++) reference = learnView(reference, edges({ seed, noise: 2 }))
  return reference
}

describe('what was learnt of a view', () => {
  test('is there after a restart, small, readable by its owner alone', () => {
    const file = join(folder, 'views', 'cam1-amont')
    const learnt = { reference: learntReference(), seen }
    createLearntViewFile(file, 3).write(learnt)
    expect(createLearntViewFile(file, 3).read()).toEqual(learnt)
    expect(statSync(file).size).toBeLessThan(36_000)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'views'))).toEqual(['cam1-amont'])
  })

  test('counts as nothing when it is damaged anywhere, of another mask version, or not there', () => {
    const file = join(folder, 'damaged')
    createLearntViewFile(file, 3).write({ reference: learntReference(), seen })
    const whole = readFileSync(file)
    const isNothing = (bytes: Buffer, version = 3) => {
      writeFileSync(file, bytes)
      expect(createLearntViewFile(file, version).read().reference).toBeNull()
    }
    for (const at of [0, 20, 60, 300, 20_000, whole.length - 1]) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x55
      isNothing(bytes)
    }
    isNothing(whole.subarray(0, 9000))
    isNothing(Buffer.alloc(0))
    isNothing(whole, 4)
    expect(createLearntViewFile(join(folder, 'none'), 3).read().reference).toBeNull()
  })

  test('that cannot be written harms nothing', () => {
    writeFileSync(join(folder, 'a-file'), '')
    const file = createLearntViewFile(join(folder, 'a-file', 'below'), 3)
    expect(() => file.write({ reference: learntReference(), seen })).not.toThrow()
    expect(file.read().reference).toBeNull()
  })
})

describe('a picture and the reference of its view', () => {
  const reference = learntReference()

  test('lie on one another when nothing has moved, with a lorry before the lens and snow on the ground too', () => {
    const lorry = { left: 100, top: 60, width: 90, height: 75, colour: [200, 0] as const }
    const snow = { left: 0, top: 100, width: 240, height: 35, colour: [225, -4] as const }
    for (const boxes of [[], [lorry], [snow]]) {
      const { parts } = matchView(reference, edges({ seed: 9, noise: 2, boxes }))
      expect(Math.max(...parts.map(({ here, best }) => here / best))).toBeGreaterThan(0.9)
    }
  })

  test.each([
    [6, 0],
    [-6, 4],
    [14, -8],
  ])('say by how much the camera was turned (%i, %i of 240 px)', (x, y) => {
    const { shift, here, best } = matchView(reference, edges({ seed: 9, noise: 2, shiftPx: [x, y] })).whole
    expect(Math.abs(shift.x * 240 - x)).toBeLessThanOrEqual(2)
    expect(Math.abs(shift.y * 135 - y)).toBeLessThanOrEqual(2)
    expect(here).toBeLessThan(best / 2)
  })
})
