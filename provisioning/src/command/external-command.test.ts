import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findExternalCommand, listExternalCommands, runExternalCommand } from './external-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-command-'))
const [first, second] = [join(folder, 'first'), join(folder, 'second')]
const script = (file: string, text: string, mode = 0o755) => {
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, mode)
}

beforeAll(() => {
  mkdirSync(first)
  mkdirSync(second)
  script(join(first, 'vigie-camera'), `echo "$@" > ${folder}/said; exit 7`)
  script(join(second, 'vigie-camera'), 'exit 1')
  script(join(second, 'vigie-gate'), 'kill -KILL $$')
  script(join(second, 'vigie-draft'), 'exit 0', 0o644)
  mkdirSync(join(second, 'vigie-folder'))
  symlinkSync(join(first, 'vigie-camera'), join(second, 'vigie-link'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a command of another package', () => {
  test('is found by its word, in the first folder that has it', () => {
    expect(findExternalCommand('camera', [first, second])).toBe(join(first, 'vigie-camera'))
    expect(findExternalCommand('camera', ['/nowhere', second, first])).toBe(join(second, 'vigie-camera'))
    expect(findExternalCommand('gate', [first])).toBeUndefined()
  })

  test('is listed once, and only when it can be run', () => {
    expect(listExternalCommands(['/nowhere', first, second])).toEqual(['camera', 'gate', 'link'])
  })

  test.each(['../first/vigie-camera', '-x', '', 'Camera', 'a b'])(
    'is never looked for by a word such as "%s"',
    (word) => {
      expect(findExternalCommand(word, [first, second])).toBeUndefined()
    },
  )

  test('gets its arguments as they are, and its exit code is the answer', async () => {
    const args = ['probe', '--user', 'a b', '$HOME', '']
    expect(await runExternalCommand(join(first, 'vigie-camera'), args)).toBe(7)
    expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('probe --user a b $HOME \n')
  })

  test('that a signal ended is a failure', async () => {
    expect(await runExternalCommand(join(second, 'vigie-gate'), [])).toBe(128)
  })

  test('that cannot be started rejects, and listens no longer to signals', async () => {
    const before = process.listenerCount('SIGTERM')
    await expect(runExternalCommand(join(second, 'vigie-draft'), [])).rejects.toMatchObject({ code: 'EACCES' })
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })
})
