import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProblemsError } from '@vigie/config-schema/problems'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AgentSettings, brokerAddress, readUnitPlan, viewsOf } from './settings.ts'

let folder: string
let settings: AgentSettings
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-settings-'))
  mkdirSync(join(folder, 'profiles'))
  const camera = (id: string, presets: string[]) => ({
    ...{ id, profile: 'simulator', schedule: { intervalS: 60 }, picture: { widthPx: 640, quality: 80 } },
    presets: presets.map((preset) => ({ id: preset, label: preset })),
  })
  const write = (name: string, value: unknown) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const profile = { id: 'simulator', maker: 'Vigie', model: 'x', client: 'onvif', answerWithinMs: 5000, source: 'ours' }
  write('profiles/simulator.json', profile)
  settings = {
    siteFile: write('seyne.json', {
      ...{ id: 'seyne', unit: 'vg-0001', name: 'Seyne', road: 'D900', kind: 'ville', wave: 2020 },
      ...{ latitude: 44.3, longitude: 6.3, altitudeM: 1200 },
      cameras: [camera('cam1', ['amont']), camera('cam2', ['amont', 'aval'])],
    }),
    profilesFolder: join(folder, 'profiles'),
    dataFolder: join(folder, 'data'),
    mqttUrl: 'mqtt://127.0.0.1:1883',
    certificateFile: write('unit.crt', 'certificate'),
    keyFile: write('unit.key', privateKey.export({ type: 'pkcs8', format: 'pem' }) as string), // PEM is text
    cameras: {
      cam1: { url: 'http://192.0.2.1/', user: 'vigie', passwordFile: write('password', 'with spaces  \n') },
      cam2: { url: 'https://192.0.2.2/', fingerprint: 'ab' },
    },
    frameStoreMaxBytes: 1e9,
    keepAliveS: 240,
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

const problemsOf = (changed: Partial<AgentSettings>): string => {
  try {
    readUnitPlan({ ...settings, ...changed })
    return 'none'
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemsError)
    return String(error)
  }
}

describe('readUnitPlan', () => {
  test('reads everything that the settings name', () => {
    const plan = readUnitPlan(settings)
    expect(plan).toMatchObject({ site: 'seyne', unit: 'vg-0001', credential: { certificates: 'certificate' } })
    expect(brokerAddress(settings, plan.credential)).toMatchObject({ url: settings.mqttUrl, tls: null })
    expect(plan.key.id).toMatch(/^[0-9a-f]{16}$/)
    expect(plan.cameras.map(({ target }) => target)).toEqual([
      { url: 'http://192.0.2.1/', user: 'vigie', password: 'with spaces  ' },
      { url: 'https://192.0.2.2/', user: null, password: null, trust: { fingerprint: 'ab' } },
    ])
  })

  test('turns a camera only when it has several views', () => {
    const plan = readUnitPlan(settings)
    expect(plan.cameras.flatMap((camera) => viewsOf(plan, camera)).map(({ turnTo }) => turnTo)).toEqual([
      null,
      'amont',
      'aval',
    ])
  })

  test('turns a camera with one view back to it when it has a tour, and names the preset as the camera does', () => {
    const plan = readUnitPlan(settings)
    const turned = plan.cameras.map((camera) => {
      const presets = camera.document.presets.map((preset) => ({ ...preset, at: 'token-7' }))
      return viewsOf(plan, { ...camera, document: { ...camera.document, presets, tour: {} } })
    })
    expect(turned.flat().map(({ turnTo }) => turnTo)).toEqual(['token-7', 'token-7', 'token-7'])
  })

  test('tells every problem at once, by setting, and no content of a file', () => {
    writeFileSync(join(folder, 'unit.key'), 'hunter2')
    const problems = problemsOf({
      mqttUrl: 'mqtts://127.0.0.1:8883',
      certificateFile: '/nowhere.crt',
      cameras: { cam1: { url: 'http://192.0.2.1/', passwordFile: '/nowhere' }, cam9: { url: 'http://192.0.2.9/' } },
    })
    for (const place of [
      'caFile',
      'certificateFile',
      'keyFile',
      'cameras.cam1.passwordFile',
      'cameras.cam2',
      'cameras.cam9',
    ]) {
      expect(problems).toContain(`  ${place}: `)
    }
    expect(problems).not.toContain('hunter2')
  })

  test('refuses a key that cannot sign frames, and a profile that is not there', () => {
    const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(join(folder, 'unit.key'), other)
    expect(problemsOf({})).toContain('is no EC P-256 key')
    rmSync(join(folder, 'profiles', 'simulator.json'))
    expect(problemsOf({})).toContain('has no "simulator"')
  })
})
