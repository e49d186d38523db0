import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepSession } from '../cloud/kept-session.ts'
import { commissionCommand } from './commission-command.ts'
import { siteCommand } from './site-command.ts'

let cloud: TrialCloud
let folder: string
let printed: string[]
beforeEach(async () => {
  cloud = await openTrialCloud({ sites: [siteDocument()] })
  const origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  const { cookie = '' } = await cloud.signIn('technician')
  folder = mkdtempSync(join(tmpdir(), 'vigie-commission-'))
  keepSession(join(folder, 'session.json'), { origin, cookie })
})
afterEach(async () => {
  process.exitCode = undefined
  await cloud.close()
  rmSync(folder, { recursive: true })
})

/** Runs `vigie …` in this process against a real cloud; gives what was printed. */
async function vigie(...args: string[]): Promise<string> {
  printed = []
  const deps = { sessionFile: join(folder, 'session.json'), print: (line: string) => void printed.push(line) }
  const command = new Command('vigie')
    .addCommand(siteCommand(deps))
    .addCommand(commissionCommand({ ...deps, lookEveryMs: 1 }))
  await command.parseAsync(args, { from: 'user' })
  return printed.join('\n')
}

describe('vigie commission', () => {
  test('begins once and goes on, and says which steps are left', async () => {
    expect(await vigie('commission', 'start', 'col-d-allos')).toMatch(/commencée\.\n {2}Le boîtier : à faire/)
    expect(await vigie('commission', 'start', 'col-d-allos', '--unit', 'vg-0001')).toMatch(/continuée/)
  })

  test('waits for the checks that run, tells each once, and ends with 2 when one fails', async () => {
    await cloud.storeFrame()
    const waiting = vigie('commission', 'checks', 'col-d-allos', '--only', 'picture-size', 'masks-approved')
    await cloud.storeFrame({ preset: 'aval' })
    const looking = setInterval(() => void cloud.acceptance.look(), 10)
    const said = await waiting.finally(() => clearInterval(looking))
    expect(said).toMatch(/oui {3} .*\(picture-size\)/)
    expect(said).toMatch(/NON {3} .*\(masks-approved\)\n {8}Sans masques approuvés/)
    expect(said.match(/\(picture-size\)/g)).toHaveLength(1)
    expect(process.exitCode).toBe(2)
  })

  test('makes the report and keeps it in a file', async () => {
    const file = join(folder, 'pv.pdf')
    await vigie('commission', 'report', 'col-d-allos', '--file', file)
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-')
  })
})

describe('vigie site', () => {
  test('lists and shows sites in French', async () => {
    expect(await vigie('site', 'list')).toContain("col-d-allos  Col d'Allos  D908  2247 m  vg-0001  1 caméra")
    expect(await vigie('site', 'show', 'col-d-allos')).toContain('Boîtier vg-0001  jamais entendu')
  })

  test('begins a replacement also while the authority is away, and says what to do then', async () => {
    const said = await vigie('site', 'replace', 'col-d-allos', '--reason', 'foudre')
    expect(said).toContain('« vigie claim new --site col-d-allos »')
  })

  test('begins a replacement by the box at hand with the code of its label, and makes no other', async () => {
    const said = await vigie('site', 'replace', 'col-d-allos', '--reason', 'foudre', '--unit', 'vg-0099')
    expect(said).toContain('« vigie claim bind --site col-d-allos »')
    expect(said).not.toContain('claim new')
  })

  test('of somebody who is not signed in says so', async () => {
    rmSync(join(folder, 'session.json'))
    await expect(vigie('site', 'list')).rejects.toMatchObject({ code: 'session-needed' })
  })
})
