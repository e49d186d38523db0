import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCloudProcess } from '../fixtures/cloud-process.ts'
import { type Influx, startInflux } from '../fixtures/influx.ts'
import { type Postgres, startPostgres } from '../fixtures/postgres.ts'
import { trialPicture } from '../fixtures/trial-fleet.ts'
import { until } from '../fixtures/until.ts'

const secrets = mkdtempSync(join(tmpdir(), 'vigie-secrets-'))
let postgres: Postgres
let influx: Influx
beforeAll(async () => {
  postgres = await startPostgres()
  influx = await startInflux()
})
afterAll(async () => {
  await influx.stop()
  await postgres.stop()
  rmSync(secrets, { recursive: true })
})

test('the built program keeps a frame in PostgreSQL and health in InfluxDB, and has both after a restart', async () => {
  const passwordFile = join(secrets, 'influx-password')
  writeFileSync(passwordFile, `${influx.password}\n`)
  const cloud = await startCloudProcess({
    env: {
      DATABASE_URL: await postgres.createDatabase(),
      INFLUX_URL: influx.url,
      INFLUX_USER: influx.user,
      INFLUX_PASSWORD_FILE: passwordFile,
    },
  })
  try {
    const { unit, receipts } = cloud
    const picture = await trialPicture(1)
    await cloud.say(unit.birth(1), await unit.frame({ picture }), unit.telemetry({ temperatureC: 12.5 }))
    await until(() => receipts.size === 2)
    expect([...receipts.values()]).toEqual([['stored'], ['stored']])
    expect(await cloud.restart()).toBe(0)

    expect(await cloud.get('/health')).toMatchObject({ status: 200, body: { works: true } })
    const { body } = await cloud.get('/api/v1/webcams/essai-1-cam1')
    const [preset] = body.properties.presets
    expect(preset).toMatchObject({ id: 'amont', freshness: 'fresh', clock: 'synchronised' })
    expect(await cloud.bytesOf(preset.picture.full)).toEqual(new Uint8Array(picture))
    const now = Date.now()
    const span = `from=${new Date(now - 3_600_000).toISOString()}&to=${new Date(now + 60_000).toISOString()}`
    const operator = await cloud.openFirstAccount()
    const series = await cloud.get(`/api/v1/operators/sites/essai-1/series?${span}`, operator)
    expect(JSON.stringify(series.body)).toContain('12.5')
  } finally {
    await cloud.stop()
  }
})
