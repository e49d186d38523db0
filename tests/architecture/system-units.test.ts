import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Settings as CloudSettings } from '@vigie/cloud-api/settings'
import { environmentName, readSettings } from '@vigie/config-schema/settings'
import { AgentSettings } from '@vigie/edge-agent/settings'
import { MuseumSettings } from '@vigie/gateway-broker/museum/museum-settings'
import { Settings as BrokerSettings } from '@vigie/gateway-broker/settings'
import { AuthoritySettings } from '@vigie/provisioning/settings'
import type { TObject } from 'typebox'
import { describe, expect, test } from 'vitest'
import { root } from './sources.ts'

const folder = join(root, 'firmware-config', 'system')
/** What is new takes little memory on a box. */
const SMALL = ' --max-semi-space-size=4'
const SERVICES: {
  name: string
  workspace: string
  program?: string
  flags?: string
  words?: string
  settings: TObject
}[] = [
  { name: 'agent', workspace: 'edge-agent', flags: SMALL, settings: AgentSettings },
  { name: 'broker', workspace: 'gateway-broker', settings: BrokerSettings },
  { name: 'museum', workspace: 'gateway-broker', program: 'museum-main', flags: SMALL, settings: MuseumSettings },
  { name: 'cloud', workspace: 'cloud-api', settings: CloudSettings },
  { name: 'authority', workspace: 'provisioning', words: ' authority serve', settings: AuthoritySettings },
]

/** The variables of an env file, `#NAME=value` being one that is left to the reader. */
function variablesOf(text: string): { name: string; value: string; isShown: boolean }[] {
  return [...text.matchAll(/^(#?)([A-Z_]+)=(.*)$/gm)].map(([, mark, name = '', value = '']) => ({
    ...{ name, value: value.replace(/^'(.*)'$/, '$1') },
    isShown: mark === '#',
  }))
}

describe.each(SERVICES)(
  'the service of the $name',
  ({ name, workspace, program = 'main', flags = '', words = '', settings }) => {
    const unit = readFileSync(join(folder, `vigie-${name}.service`), 'utf8')

    test('starts the main file of its workspace with the settings that stand beside it', () => {
      expect(unit).toContain(`ExecStart=/usr/bin/node${flags} /opt/vigie/${workspace}/dist/${program}.js${words}\n`)
      expect(existsSync(join(root, workspace, 'src', `${program}.ts`))).toBe(true)
      expect(unit).toContain(`EnvironmentFile=/etc/vigie/${name}.env\n`)
    })

    test('has a model of its settings that the process accepts, with no name that it does not know', () => {
      const variables = variablesOf(readFileSync(join(folder, `${name}.env.example`), 'utf8'))
      const known = Object.keys(settings.properties).map(environmentName)
      expect(variables.map((variable) => variable.name).filter((one) => !known.includes(one))).toEqual([])
      for (const chosen of [variables.filter(({ isShown }) => !isShown), variables]) {
        const env = Object.fromEntries(chosen.map((variable) => [variable.name, variable.value]))
        expect(() => readSettings(settings, { env })).not.toThrow()
      }
    })

    test('may write its state folder only, gains nothing, is bounded in memory and always comes back', () => {
      for (const line of [
        'NoNewPrivileges=yes',
        'ProtectSystem=strict',
        'User=vigie',
        'Restart=always',
        'UMask=0077',
      ]) {
        expect(unit).toContain(`\n${line}\n`)
      }
      expect(unit).toMatch(/\nMemoryMax=\d+[MG]\n/)
      expect(unit).not.toMatch(/\nReadWritePaths=/)
    })
  },
)

test('systemd itself finds nothing wrong with the units', ({ skip }) => {
  const units = readdirSync(folder).filter((name) => name.endsWith('.service'))
  const verify = spawnSync('systemd-analyze', ['verify', ...units.map((name) => join(folder, name))], {
    encoding: 'utf8',
  })
  skip(verify.error !== undefined, 'systemd-analyze is not on this machine')
  // What is not installed here is no mistake of the unit.
  const found = verify.stderr.split('\n').filter((line) => line !== '' && !/is not executable/.test(line))
  expect(found).toEqual([])
})
