import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeReceipt } from '@vigie/contract/receipt'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Influx, startInflux } from '../fixtures/influx.ts'
import { type Postgres, startPostgres } from '../fixtures/postgres.ts'
import { createTrialFleet, trialPicture } from '../fixtures/trial-fleet.ts'
import { startBroker } from '../fixtures/trial-intake.ts'
import { until } from '../fixtures/until.ts'

const PROGRAM = new URL('../../cloud-api/dist/main.js', import.meta.url).pathname

let postgres: Postgres
let influx: Influx
beforeAll(async () => {
  postgres = await startPostgres()
  influx = await startInflux()
})
afterAll(async () => {
  await influx.stop()
  await postgres.stop()
})

/** The built program, as a supervisor would start it. */
async function startCloud(env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += text))
  await until(() => said.includes('broker.connected') || child.exitCode !== null)
  const [origin = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
  if (origin === '') throw new Error(said)
  return {
    get: async (path: string) => {
      const response = await fetch(origin + path)
      return { status: response.status, body: await response.json() }
    },
    picture: async (address: string) => new Uint8Array(await (await fetch(new URL(address, origin))).arrayBuffer()),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      return (await ended)[0]
    },
  }
}

test('the built program keeps a frame in PostgreSQL and health in InfluxDB, and has both after a restart', async () => {
  const fleet = await createTrialFleet()
  const broker = await startBroker()
  const folderOf = (name: string) => {
    mkdirSync(join(fleet.folder, name), { recursive: true })
    return join(fleet.folder, name)
  }
  for (const site of fleet.sites) writeFileSync(join(folderOf('sites'), `${site.id}.json`), JSON.stringify(site))
  const passwordFile = join(fleet.folder, 'influx-password')
  writeFileSync(passwordFile, `${influx.password}\n`)
  const env = {
    LISTEN_PORT: '0',
    DATA_FOLDER: folderOf('data'),
    DATABASE_URL: await postgres.createDatabase(),
    INFLUX_URL: influx.url,
    INFLUX_USER: influx.user,
    INFLUX_PASSWORD_FILE: passwordFile,
    MQTT_URL: broker.url,
    UNIT_CA_FILE: fleet.caFile,
    FLEET_FOLDER: folderOf('sites'),
    CONSOLE_FOLDER: folderOf('console'),
  }
  const { unit } = fleet
  const units = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0, protocolVersion: 4 })
  const receipted = new Map<string, string>()
  units.on('message', (_topic, payload) => {
    const receipt = decodeReceipt(payload)
    if (receipt.ok) for (const { id, outcome } of receipt.value.items) receipted.set(id, outcome)
  })
  await units.subscribeAsync(unit.receiptTopic)
  const picture = await trialPicture(1)
  const said = [unit.birth(1), await unit.frame({ picture }), unit.telemetry({ temperatureC: 12.5 })]

  let cloud = await startCloud(env)
  for (const { topic, payload } of said) await units.publishAsync(topic, Buffer.from(payload), { qos: 1 })
  await until(() => receipted.size === 2)
  expect([...receipted.values()]).toEqual(['stored', 'stored'])
  expect(await cloud.stop()).toBe(0)

  cloud = await startCloud(env)
  const health = await cloud.get('/health')
  expect(health).toMatchObject({ status: 200, body: { works: true } })
  const { body } = await cloud.get('/api/v1/webcams/essai-1-cam1')
  const [preset] = body.properties.presets
  expect(preset).toMatchObject({ id: 'amont', freshness: 'fresh', clock: 'synchronised' })
  expect(await cloud.picture(preset.picture.full)).toEqual(new Uint8Array(picture))
  const now = Date.now()
  const span = `from=${new Date(now - 3_600_000).toISOString()}&to=${new Date(now + 60_000).toISOString()}`
  const series = await cloud.get(`/api/v1/operators/sites/essai-1/series?${span}`)
  expect(JSON.stringify(series.body)).toContain('12.5')
  expect(await cloud.stop()).toBe(0)

  units.end(true)
  await broker.stop()
  await fleet.remove()
})
