import { setTimeout } from 'node:timers/promises'
import { decodeFrame } from '@vigie/contract/frame'
import type { ItemId } from '@vigie/contract/ids'
import type { Receipt } from '@vigie/contract/receipt'
import { buildTopic, cloudSubscriptions, parseTopic } from '@vigie/contract/topics'
import { connectParty, createTestAuthority, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import { credentialsOf, openTrialUnit, placesOf, startTrialBroker } from '@vigie/tests/fixtures/trial-uplink'
import { expect, test } from 'vitest'

const ROUNDS = process.env['VIGIE_SOAK'] === '1' ? 40 : 3

/** A cloud that answers late, twice, in any order, for several together, for strangers, and sometimes not at all. */
test('each item is settled once, however its messages and receipts are lost, doubled and reordered', async () => {
  const seed = seedOfRun()
  console.log(`seed ${seed}`)
  const random = seededRandom(seed)
  const [place] = placesOf(1)
  if (!place) throw new Error('no place')
  const authority = await createTestAuthority([place])
  const broker = await startTrialBroker(authority)
  const cloud = await connectParty(broker.port, { clientId: 'cloud', ...tlsOf(authority, authority.cloud) })
  const receipt = buildTopic({ ...place, what: 'receipt' })
  const owed: ItemId[] = []
  const said: ItemId[] = []
  let deliveries = 0
  const answer = (ids: ItemId[]) => {
    const body: Receipt = { v: 1, at: new Date().toISOString(), items: ids.map((id) => ({ id, outcome: 'stored' })) }
    cloud.client.publish(receipt, JSON.stringify(body))
  }
  cloud.client.on('message', (topic, payload) => {
    const parsed = parseTopic(topic)
    if (!parsed.ok || parsed.value.what === 'presence') return
    const frame = parsed.value.what === 'frame' ? decodeFrame(payload) : null
    const id: ItemId = frame?.ok ? frame.value.header.id : JSON.parse(payload.toString()).id
    deliveries++
    if (random() < 0.3) return // lost, or its receipt was
    owed.push(id)
    if (random() < 0.5) return // with the next ones
    const batch = owed.splice(0).sort(() => random() - 0.5)
    if (random() < 0.3) batch.push(...said.slice(0, 3)) // of long ago
    if (random() < 0.3) batch.push(...batch)
    said.push(...batch)
    answer(batch)
    if (random() < 0.3) answer(batch)
  })
  await cloud.subscribe(cloudSubscriptions())

  for (let round = 0; round < ROUNDS; round++) {
    const unit = await openTrialUnit(place, { pace: 300 })
    unit.start({ url: `mqtts://127.0.0.1:${broker.port}`, tls: credentialsOf(authority, place.unit) })
    const made: ItemId[] = []
    for (let count = 0; count < 30; count++) {
      made.push(random() < 0.7 ? await unit.keepState() : await unit.keepFrame(2_000))
    }
    while (unit.waiting() > 0) {
      await setTimeout(5)
      if (owed.length > 0) answer(owed.splice(0))
    }
    expect(unit.settled.toSorted()).toEqual(made.toSorted())
    await unit.end()
  }
  expect(deliveries).toBeGreaterThan(ROUNDS * 30)
  await cloud.leave()
  await broker.stop()
  authority.remove()
}, 300_000)
