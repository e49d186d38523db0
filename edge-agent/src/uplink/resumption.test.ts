import { createTestAuthority } from '@vigie/tests/conformance/mqtt-party'
import { type Authority, credentialsOf, placesOf, startTrialBroker } from '@vigie/tests/fixtures/trial-uplink'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireBytes } from '../health/traffic.ts'
import { connectToBroker } from './broker-connection.ts'
import type { TlsTickets } from './broker-socket.ts'

const [place] = placesOf(1)
if (!place) throw new Error('no place')
const { site, unit } = place
let authority: Authority
let broker: Awaited<ReturnType<typeof startTrialBroker>>
beforeAll(async () => {
  authority = await createTestAuthority([{ site, unit }])
  broker = await startTrialBroker(authority)
})
afterAll(async () => {
  await broker.stop()
  authority.remove()
})

/** Connects, says goodbye, and tells whether a ticket was taken and what it cost. */
async function visit(tickets: TlsTickets, now = Date.now) {
  let isResumed = false
  const carried: WireBytes = { sentBytes: 0, receivedBytes: 0 }
  const { signal } = new AbortController()
  const topic = `vigie/1/${site}/${unit}/presence`
  const connection = await connectToBroker(
    { url: `mqtts://127.0.0.1:${broker.port}`, tls: credentialsOf(authority, unit) },
    {
      ...{ clientId: unit, now, tickets, onHeard: () => undefined, onMessage: () => undefined },
      will: { topic, payload: Buffer.from('{}'), qos: 1, retain: true },
      onSecure(resumed) {
        isResumed = resumed
      },
      onCarried({ sentBytes, receivedBytes }) {
        carried.sentBytes += sentBytes
        carried.receivedBytes += receivedBytes
      },
    },
    signal,
  )
  await connection.close()
  return { isResumed, bytes: carried.sentBytes + carried.receivedBytes }
}

test('a unit comes back by the ticket of its last connection, for half the bytes, again and again', async () => {
  const tickets: TlsTickets = { last: null }
  const first = await visit(tickets)
  expect(first.isResumed).toBe(false)
  for (let time = 0; time < 3; time++) {
    const again = await visit(tickets)
    expect(again.isResumed).toBe(true)
    expect(again.bytes).toBeLessThan(first.bytes * 0.65)
  }
})

test('a broker that does not know the ticket any more is met with a whole handshake, in the same connection', async () => {
  const tickets: TlsTickets = { last: null }
  await visit(tickets)
  const { port } = broker
  await broker.stop()
  broker = await startTrialBroker(authority, port)
  expect((await visit(tickets)).isResumed).toBe(false)
  expect((await visit(tickets)).isResumed).toBe(true)
})

test('a ticket does not outlive the certificate of the broker that gave it', async () => {
  const tickets: TlsTickets = { last: null }
  await visit(tickets)
  const inThirtyYears = () => Date.now() + 30 * 365 * 86_400_000
  await expect(visit(tickets, inThirtyYears)).rejects.toMatchObject({ code: 'broker-untrusted' })
  expect(tickets.last).toBeNull()
})
