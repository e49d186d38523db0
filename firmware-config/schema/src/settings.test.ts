import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { ProblemsError } from './problems.ts'
import { describeSettings, readSettings } from './settings.ts'

const Settings = Type.Object({
  mqttUrl: Type.String({ description: 'Address of the broker', pattern: '^mqtts?://' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080, description: 'Port to listen on' }),
  dataFolder: Type.Optional(Type.String({ description: 'Where data is kept' })),
})

function fileWith(content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'vigie-settings-')), 'settings.json')
  writeFileSync(file, content)
  return file
}

describe('readSettings', () => {
  test('takes the file, then the environment over it, then defaults, and freezes the result', () => {
    const file = fileWith('{"mqttUrl": "mqtt://a", "port": 1}')
    const settings = readSettings(Settings, { file, env: { PORT: '2', HOME: '/elsewhere' } })
    expect(settings).toEqual({ mqttUrl: 'mqtt://a', port: 2 })
    expect(Object.isFrozen(settings)).toBe(true)
  })

  test('tells every problem at once, by key and never by value', () => {
    const file = fileWith('{"mqttUrl": "hunter2", "prot": 3}')
    const read = () => readSettings(Settings, { file, env: { PORT: 'eighty' } })
    expect(read).toThrow(ProblemsError)
    expect(read).toThrow(/mqttUrl \(MQTT_URL\)/)
    expect(read).toThrow(/port \(PORT\)/)
    expect(read).toThrow(/prot \(PROT\): unknown key/)
    expect(read).not.toThrow(/hunter2|eighty/)
  })

  test('a file that is missing or is not JSON is a problem, not a default', () => {
    expect(() => readSettings(Settings, { file: '/nowhere.json', env: { MQTT_URL: 'mqtt://a' } })).toThrow(
      /cannot be read/,
    )
    expect(() => readSettings(Settings, { file: fileWith('{'), env: { MQTT_URL: 'mqtt://a' } })).toThrow(/is not JSON/)
  })

  test('says what is missing', () => {
    expect(() => readSettings(Settings, { env: {} })).toThrow(/mqttUrl \(MQTT_URL\): is missing/)
  })
})

test('describeSettings gives both names, meaning, default and need', () => {
  expect(describeSettings(Settings)).toEqual([
    'MQTT_URL  mqttUrl: Address of the broker (required)',
    'PORT  port: Port to listen on (default: 8080)',
    'DATA_FOLDER  dataFolder: Where data is kept',
  ])
})
