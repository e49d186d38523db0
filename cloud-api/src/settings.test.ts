import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '@vigie/config-schema/settings'
import { createTrialFleet } from '@vigie/tests/fixtures/trial-fleet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSettings, Settings } from './settings.ts'
import { readSettingsFiles } from './settings-files.ts'

const NEEDED = {
  DATA_FOLDER: 'data',
  MQTT_URL: 'mqtt://127.0.0.1',
  UNIT_CA_FILE: 'ca.crt',
  FLEET_FOLDER: 'sites',
  CONSOLE_FOLDER: 'console',
}
const read = (env: Record<string, string>) => checkSettings(readSettings(Settings, { env }))

describe('settings', () => {
  test('have defaults that answer this machine alone', () => {
    expect(read(NEEDED)).toMatchObject({ listenHost: '127.0.0.1', listenPort: 8080 })
  })

  test('that need each other are told together', () => {
    const wrong = () => read({ ...NEEDED, MQTT_URL: 'mqtts://127.0.0.1', INFLUX_USER: 'vigie' })
    for (const name of ['CA_FILE', 'CERTIFICATE_FILE', 'KEY_FILE', 'INFLUX_PASSWORD_FILE']) expect(wrong).toThrow(name)
  })

  test('trust proxies by their address alone, or by that of their network', () => {
    const trusting = (proxies: string) => read({ ...NEEDED, TRUSTED_PROXIES: proxies })
    expect(trusting('192.0.2.1, 10.0.0.0/8,2001:db8::/64').trustedProxies).toBe('192.0.2.1, 10.0.0.0/8,2001:db8::/64')
    for (const wrong of ['proxy.example', '192.0.2', '10.0.0.0/33', '10.0.0.0/0', '192.0.2.1,'])
      expect(() => trusting(wrong), wrong).toThrow('TRUSTED_PROXIES')
  })

  test('take no broker by http and no other database', () => {
    expect(() => read({ ...NEEDED, MQTT_URL: 'http://x', DATABASE_URL: 'mysql://x' })).toThrow(
      /MQTT_URL[\s\S]*DATABASE_URL|DATABASE_URL[\s\S]*MQTT_URL/,
    )
  })
})

describe('the files that settings name', () => {
  let folder: string
  let fleet: Awaited<ReturnType<typeof createTrialFleet>>
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigie-settings-'))
    fleet = await createTrialFleet()
    for (const site of fleet.sites) writeFileSync(join(folder, `${site.id}.json`), JSON.stringify(site))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await fleet.remove()
  })

  test('are read once, with what stands in them', () => {
    const files = readSettingsFiles(read({ ...NEEDED, FLEET_FOLDER: folder, UNIT_CA_FILE: fleet.caFile }))
    expect(files.sites).toEqual(fleet.sites)
    expect(files.unitAuthorities.value()).toHaveLength(1)
    expect(files.brokerTls).toBeUndefined()
  })

  test('that are missing or wrong are told all at once, by the name of their setting', () => {
    const env = { ...NEEDED, MQTT_URL: 'mqtts://x', CA_FILE: '/nowhere/ca', CERTIFICATE_FILE: '/nowhere/crt' }
    const settings = read({ ...env, KEY_FILE: fleet.caFile, UNIT_CA_FILE: join(folder, 'essai-1.json') })
    for (const name of ['FLEET_FOLDER', 'UNIT_CA_FILE', 'CA_FILE', 'CERTIFICATE_FILE']) {
      expect(() => readSettingsFiles(settings)).toThrow(name)
    }
  })
})
