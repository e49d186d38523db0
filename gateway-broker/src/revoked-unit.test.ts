import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { connectPacket } from '@vigie/tests/conformance/mqtt-packets'
import { tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { createSmallFleet, everyUnit, type SmallFleet, saying, topicOf } from '@vigie/tests/conformance/small-fleet'
import { makeRevocationList } from '@vigie/tests/fixtures/revocation-list'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createRevocations, type Revocations } from './revocation/revocations.ts'

let fleet: SmallFleet
let revocations: Revocations
let number = 0

beforeAll(async () => {
  fleet = await createSmallFleet()
})
beforeEach(async () => {
  revocations = createRevocations(readFileSync(fleet.authority.caFile, 'utf8'))
  await fleet.restart({ revocations })
})
afterAll(() => fleet.remove())

async function revoke(unit: string): Promise<void> {
  const { caFile, folder } = fleet.authority
  const revoked = [fleet.authority.unit(unit).certificateFile]
  number += 1
  const list = await makeRevocationList(
    { certificateFile: caFile, keyFile: join(folder, 'ca.key') },
    { number, revoked },
  )
  expect(await revocations.take(list)).toMatchObject({ ok: true })
}

test('a unit that is revoked while it is connected is cut off, its will is said, and nobody else notices', async () => {
  const cloud = await fleet.asCloud()
  await cloud.subscribe([everyUnit('state'), everyUnit('presence')], 1)
  const will = { topic: topicOf('vg-0001', 'presence'), payload: Buffer.from('lost'), qos: 1 as const, retain: true }
  const stolen = await fleet.asUnit('vg-0001', { will })
  const other = await fleet.asUnit('vg-0002')
  await revoke('vg-0001')
  expect(fleet.broker().cutRevoked()).toBe(1)
  await stolen.closed
  await cloud.hears(saying('lost'))
  await other.publish(topicOf('vg-0002', 'state'), 'still here')
  await cloud.hears(saying('still here'))
  expect(fleet.refusals()).toEqual(['certificate-revoked'])
  expect(fleet.broker().cutRevoked()).toBe(0)
})

test('a revoked unit does not come in again, by a whole handshake or by its ticket', async () => {
  const first = await fleet.rawTls()
  const ticket = new Promise<Buffer>((resolve) => first.once('session', resolve))
  first.write(connectPacket('vg-0001'))
  const session = await ticket
  first.destroy()
  await revoke('vg-0001')

  await expect(fleet.asUnit('vg-0001')).rejects.toThrow()
  const again = await fleet.rawTls(undefined, { session })
  expect(again.isSessionReused()).toBe(true)
  await once(again, 'close')
  expect(fleet.refusals()).toEqual(['certificate-revoked', 'certificate-revoked'])
  await fleet.asUnit('vg-0002')
})

test('a cloud whose certificate is revoked is cut off as a unit is', async () => {
  const cloud = await fleet.asCloud()
  const { caFile, folder, cloud: files } = fleet.authority
  const signer = { certificateFile: caFile, keyFile: join(folder, 'ca.key') }
  number += 1
  await revocations.take(await makeRevocationList(signer, { number, revoked: [files.certificateFile] }))
  expect(fleet.broker().cutRevoked()).toBe(1)
  await cloud.closed
})

test('another certificate and further authorities are taken on while everybody stays connected', async () => {
  const stays = await fleet.asUnit('vg-0001')
  const cloud = await fleet.asCloud()
  await cloud.subscribe(everyUnit('state'))
  const { folder } = fleet.authority
  const next = await createDevelopmentAuthority(
    { folder: join(folder, 'next'), units: [{ site: 'seyne', unit: 'vg-0002' }] },
    { now: Date.now },
  )
  const tlsOfNext = { ...tlsOf(next, next.unit('vg-0002')), clientId: 'vg-0002' }
  await expect(fleet.connect(tlsOfNext)).rejects.toThrow()
  fleet.broker().changeTls({
    ca: readFileSync(fleet.authority.caFile, 'utf8') + readFileSync(next.caFile, 'utf8'),
    certificate: readFileSync(next.broker.certificateFile, 'utf8'),
    key: readFileSync(next.broker.keyFile, 'utf8'),
  })
  await fleet.connect(tlsOfNext)
  await stays.publish(topicOf('vg-0001', 'state'), 'never left')
  await cloud.hears(saying('never left'))
})

test('a ticket outlives a new certificate of the broker, and not a change of its authorities', async () => {
  const { authority } = fleet
  const material = (ca: string) => ({
    ca,
    certificate: readFileSync(authority.broker.certificateFile, 'utf8'),
    key: readFileSync(authority.broker.keyFile, 'utf8'),
  })
  const ca = readFileSync(authority.caFile, 'utf8')
  const first = await fleet.rawTls()
  const ticket = new Promise<Buffer>((resolve) => first.once('session', resolve))
  first.write(connectPacket('vg-0001'))
  const session = await ticket
  fleet.broker().changeTls(material(ca))
  expect((await fleet.rawTls(undefined, { session })).isSessionReused()).toBe(true)
  fleet.broker().changeTls(material(`${ca}\n`))
  expect((await fleet.rawTls(undefined, { session })).isSessionReused()).toBe(false)
})
