import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askPassphrase } from './ask-passphrase.ts'
import { caCommand } from './ca-command.ts'
import { speakFrench } from './french.ts'

const sites = new URL('../../../firmware-config/sites', import.meta.url).pathname
let folder: string
let printed: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-ca-'))
  printed = []
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs `vigie …` in this process; gives what was printed, errors included. */
async function vigie(...args: string[]): Promise<string> {
  const print = (line: string) => void printed.push(line)
  const command = speakFrench(
    new Command('vigie').addCommand(caCommand({ now: () => Date.now(), print, askPassphrase })),
  )
  for (const each of [command, ...command.commands, ...command.commands.flatMap(({ commands }) => commands)]) {
    each.exitOverride().configureOutput({ writeErr: print, writeOut: print })
  }
  await command.parseAsync(args, { from: 'user' }).catch((error: { code?: string }) => {
    if (!error.code?.startsWith('commander.')) throw error
  })
  return printed.join('\n')
}

describe('vigie ca dev', () => {
  test('makes certificates for every unit of the fleet, says so, and has nothing to do the second time', async () => {
    const fleet = join(folder, 'sites')
    cpSync(join(sites, 'col-d-allos.json'), join(fleet, 'col-d-allos.json'))
    const pki = join(folder, 'pki')
    expect(await vigie('ca', 'dev', '--folder', pki, '--fleet', fleet)).toMatch(
      /4 certificats.*\n {2}créés : ca, broker/,
    )
    expect(existsSync(join(pki, 'ca.crt'))).toBe(true)
    printed = []
    expect(await vigie('ca', 'dev', '--folder', pki, '--fleet', fleet)).toMatch(/rien à faire/)
  })

  test('can be asked for some units only, and says which are unknown', async () => {
    const pki = join(folder, 'pki')
    await vigie('ca', 'dev', '--folder', pki, '--fleet', sites, '--unit', 'vg-0001', 'vg-0003')
    expect([1, 2, 3].map((count) => existsSync(join(pki, `units/vg-000${count}.crt`)))).toEqual([true, false, true])
    printed = []
    expect(await vigie('ca', 'dev', '--folder', pki, '--fleet', sites, '--unit', 'vg-9999')).toMatch(/boîtier vg-9999/)
  })

  test('says in French what is missing or unknown', async () => {
    expect(await vigie('ca', 'dev')).toMatch(/Il manque l'option --folder/)
    expect(await vigie('ca', 'dev', '--folder', 'a', '--fleet', 'b', '--colour')).toMatch(
      /L'option --colour n'existe pas/,
    )
    expect(await vigie('ca', 'prod')).toMatch(/La commande prod n'existe pas/)
    expect(await vigie('ca', 'dev', '--folder')).toMatch(/L'option --folder <dossier> attend une valeur/)
    expect(await vigie('ca', '--help')).toMatch(/Utilisation : vigie ca/)
    expect(printed.join()).not.toMatch(/error|Usage|missing/i)
  })
})

describe('vigie ca issue', () => {
  test("wants to know whose doors a gateway's certificate is for, and takes no unit for another part", async () => {
    const where = ['--folder', folder, '--out', folder, '--name', 'portillon.lan']
    expect(await vigie('ca', 'issue', 'gateway', ...where)).toMatch(/--unit et --site vont ensemble, et avec gateway/)
    for (const [part, unit] of [
      ['broker', 'vg-0101'],
      ['gateway', 'VG 0101'],
    ] as const) {
      printed = []
      const of = ['--unit', unit, '--site', 'musee-salagon']
      expect(await vigie('ca', 'issue', part, ...where, ...of)).toMatch(/--unit et --site/)
    }
  })
})
