import type { StoredConfiguration } from '@vigie/config-schema/configuration/configuration'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { startBroker } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createConfigurationPublisher, type PublisherDeps } from './publisher.ts'

test('says once that the password of a camera cannot be opened, however often it looks', async () => {
  const broker = await startBroker()
  const stop = new AbortController()
  const lines: { event: string }[] = []
  let looks = 0
  const access = { url: 'http://192.0.2.7/', user: 'vigie', password: 'vault:of-another-key' }
  const documents = { site: { id: 'seyne' }, camera: { cameras: [{ id: 'cam1', access }] } } as StoredConfiguration // what is looked at
  const store = {
    unitKeys: { newestOf: async () => ({ key: '0123456789abcdef', publicKey: '' }) },
    configuration: {
      standings: async () => {
        looks += 1
        const seyne = { site: 'seyne' as SiteId, unit: 'vg-0001' as UnitId, version: 3, told: null }
        return { units: [seyne], gone: [] }
      },
      version: async () => ({ documents }),
    },
  } as unknown as PublisherDeps['store'] // what is asked
  const publisher = createConfigurationPublisher({
    ...{ store, vault: null, sign: async () => '', random: () => 0 },
    broker: { url: broker.url, clientId: 'cloud-configuration' },
    clock: { now: Date.now, monotonicMs: () => performance.now() },
    log: pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
  })
  const running = publisher.run(stop.signal)
  try {
    for (let count = 1; count <= 3; count++) {
      await expect.poll(() => looks).toBeGreaterThanOrEqual(count)
      publisher.ring()
    }
    await expect.poll(() => looks).toBeGreaterThanOrEqual(4)
    const told = lines.map(({ event, ...about }) => ({ event, about })).filter(({ event }) => /vault/.test(event))
    expect(told).toMatchObject([{ event: 'configuration.vault-closed', about: { site: 'seyne', version: 3 } }])
  } finally {
    stop.abort()
    await running
    await broker.stop()
  }
})

test('Y12: a box that stands at a museum no more is told nothing of it any more, and the others go on', async () => {
  const broker = await startBroker()
  const stop = new AbortController()
  const of = (unit: string, what: string) => `vigie/1/musee-salagon/${unit}/${what}`
  const [gone, stays] = ['vm-1001', 'vm-1002']
  const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0, protocolVersion: 4 })
  for (const unit of [gone, stays]) {
    for (const what of ['desired/set', 'desired/lane', 'catalogue']) {
      await client.publishAsync(of(unit, what), 'said', { retain: true, qos: 1 })
    }
  }
  const told = { site: 'musee-salagon', unit: gone, version: 1, attempt: 1, key: null, at: 0, documents: '{}' }
  const configuration = { standings: async () => ({ units: [], gone: [told] }) }
  const publisher = createConfigurationPublisher({
    ...{ store: { configuration } as unknown as PublisherDeps['store'], vault: null }, // what is asked
    ...{ sign: async () => '', random: () => 0, log: pino({ enabled: false }) },
    broker: { url: broker.url, clientId: 'cloud-configuration' },
    clock: { now: Date.now, monotonicMs: () => performance.now() },
  })
  const cleared = new Set<string>()
  client.on('message', (topic, payload) => payload.byteLength === 0 && cleared.add(topic))
  await client.subscribeAsync('vigie/#')
  const running = publisher.run(stop.signal)
  try {
    await until(() => cleared.has(of(gone, 'catalogue')) && cleared.has(of(gone, 'desired/set')))
    expect([...cleared].filter((topic) => topic.includes(stays))).toEqual([])
  } finally {
    stop.abort()
    await running
    client.end(true)
    await broker.stop()
  }
})
