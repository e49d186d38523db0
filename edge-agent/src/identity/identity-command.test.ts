import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createIdentityCommand } from './identity-command.ts'

const CODE = '01234-56789-ABCDE-FGHJK-MNPQR-S'
const WORDS = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abeille'

let dataFolder: string
let said: string[]
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'vigie-identity-'))
  said = []
})
afterEach(() => {
  rmSync(dataFolder, { recursive: true })
  vi.restoreAllMocks()
})

const run = (args: string[], typed = '') =>
  createIdentityCommand(
    (line) => said.push(line),
    async () => typed,
  ).parseAsync([...args, '--data-folder', dataFolder], { from: 'user' })
const claimFile = () => join(dataFolder, 'identity', 'claim.json')
const claim = () => JSON.parse(readFileSync(claimFile(), 'utf8'))

test.each([CODE, WORDS])('puts a claim where the agent looks for it, for its eyes alone: %s', async (text) => {
  await run(['enrol', '--unit', 'vg-0001', '--claim', text])
  expect(claim()).toEqual({ unit: 'vg-0001', code: text })
  expect(statSync(claimFile()).mode & 0o777).toBe(0o600)
  expect(said.join('\n')).not.toContain(text)
})

test('takes the claim as it is typed, when the command does not name it', async () => {
  await run(['enrol', '--unit', 'vg-0001'], `  ${CODE}\n`)
  expect(claim().code).toBe(CODE)
})

test.each([
  ['enrol', '--unit', 'VG 1', '--claim', CODE],
  ['enrol', '--unit', 'vg-0001', '--claim', 'abandon abeille'],
  ['enrol', '--claim', CODE],
])('puts nothing for what can be no claim: %j', async (...args) => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await expect(run(args)).rejects.toThrow()
  expect(existsSync(claimFile())).toBe(false)
})

test('says what a box has, and what it lacks', async () => {
  await run(['identity'])
  await run(['enrol', '--unit', 'vg-0001', '--claim', CODE])
  said.length = 0
  await run(['identity'])
  expect(said).toEqual([
    'Pas encore de certificat en service.',
    'Un code est déposé ; l’agent le présente à l’autorité.',
  ])
})
