import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRotatedLog } from './rotated-log.ts'

test('a log goes on where it was and never takes more than twice its bound', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'vigie-log-')), 'some.log')
  const first = openRotatedLog(file, 1_000)
  first.write('first\n')
  first.close()
  const log = openRotatedLog(file, 1_000)
  expect(log.tail(1)).toBe('first')
  for (let line = 0; line < 1_000; line += 1) log.write(`line ${line}\n`)
  expect(log.tail(2)).toBe('line 998\nline 999')
  log.close()
  expect(statSync(file).size).toBeLessThan(1_100)
  expect(statSync(`${file}.1`).size).toBeLessThan(1_100)
  expect(existsSync(`${file}.2`)).toBe(false)
  expect(readFileSync(`${file}.1`, 'utf8')).not.toContain('first')
})
