import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connectPacket } from '@vigie/tests/conformance/mqtt-packets'
import { createSmallFleet, type SmallFleet } from '@vigie/tests/conformance/small-fleet'
import { clientHello } from '@vigie/tests/fixtures/client-hello'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ATTEMPTS_OF_A_UNIT, CLIENT_HELLO_MAX_BYTES } from './limits.ts'

let fleet: SmallFleet
const strangers: Socket[] = []

beforeAll(async () => {
  fleet = await createSmallFleet()
})
beforeEach(() => fleet.restart())
afterEach(() => {
  for (const socket of strangers.splice(0)) socket.destroy()
})
afterAll(() => fleet.remove())

/** A TCP connection of somebody who has no certificate. */
async function stranger(says?: Uint8Array, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connectTcp({ port: fleet.broker().port, host: '127.0.0.1', localAddress })
  strangers.push(socket)
  socket.on('error', () => undefined) // being cut off is what these tests look for
  await once(socket, 'connect')
  socket.resume() // the end of a connection comes after what was said on it
  if (says !== undefined) socket.write(says)
  return socket
}

/** The first nine bytes of a TLS client: a record, and a hello of the announced length. */
function helloOf(bytes: number): Buffer {
  const head = Buffer.from([22, 3, 1, 0x40, 0x00, 1, 0, 0, 0])
  head.writeUIntBE(bytes, 6, 3)
  return head
}

const counted = (reason: string) => fleet.broker().counters().refused[reason] ?? 0
const closed = (socket: Socket) => (socket.closed ? Promise.resolve() : once(socket, 'close'))

describe('before anybody knows who it is', () => {
  test.each([
    ['MQTT in clear', connectPacket('vg-0001')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a TLS alert', Buffer.from([21, 3, 1, 0, 2, 1, 0, 0, 0])],
  ])('%s is closed at its first bytes', async (_, bytes) => {
    await closed(await stranger(bytes))
    expect(fleet.refusals()).toEqual(['not-tls'])
  })

  test('a hello that is announced too long is closed before it has come', async () => {
    await closed(await stranger(helloOf(CLIENT_HELLO_MAX_BYTES + 1)))
    expect(fleet.refusals()).toEqual(['hello-too-long'])
  })

  test('a hello that comes in small pieces is waited for', async () => {
    const slow = await stranger()
    for (const byte of helloOf(500)) {
      slow.write(Buffer.from([byte]))
      await pause(1)
    }
    await fleet.asUnit('vg-0001')
    expect(slow.closed).toBe(false)
    expect(fleet.refusals()).toEqual([])
  })

  test('who stays silent, or stops in the middle of TLS or before CONNECT, is closed', async () => {
    // As long as a busy machine may take over the handshake of the one who then says nothing.
    await fleet.restart({ handshakeTimeoutMs: 1_500, connectTimeoutMs: 200 })
    const silent = await stranger()
    const half = await stranger(helloOf(500))
    const unanswering = await stranger(await clientHello())
    const speechless = await fleet.rawTls()
    await Promise.all([silent, half, unanswering, speechless].map(closed))
    expect(fleet.broker().counters().refused).toEqual({ 'hello-too-slow': 2, 'tls-failed': 1 })
    expect(fleet.log).toContainEqual(expect.objectContaining({ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }))
    await expect.poll(() => fleet.broker().counters().failed).toEqual({ 'no-connect': 1 })
  })
})

describe('a crowd', () => {
  test('that stays silent keeps no unit out', async () => {
    await fleet.restart({ connectionsMax: 8 })
    const inside = await fleet.asUnit('vg-0002')
    const crowd = await Promise.all(Array.from({ length: 7 }, () => stranger()))
    const unit = await fleet.asUnit('vg-0001')
    await closed(crowd[0] as Socket) // there are seven
    expect(counted('place-taken-by-newer')).toBe(1)
    expect(unit.client.connected && inside.client.connected).toBe(true)
  })

  test('of those who are known keeps the newest out, and nobody who is in', async () => {
    await fleet.restart({ connectionsMax: 2 })
    const inside = [await fleet.asUnit('vg-0001'), await fleet.asUnit('vg-0002')]
    await expect(fleet.asCloud()).rejects.toThrow()
    expect(fleet.refusals()).toEqual(['too-many-connections'])
    expect(inside.every(({ client }) => client.connected)).toBe(true)
  })

  test('from one address is sent away beyond its rate, and nobody from another', async () => {
    await fleet.restart({ addressAttempts: { burst: 500, perS: 1 } })
    const many = 600
    for (let count = 0; count < many; count += 50) {
      const some = await Promise.all(Array.from({ length: 50 }, () => stranger(undefined, '127.0.0.99')))
      for (const socket of some) socket.destroy()
    }
    await expect.poll(() => counted('address-too-fast')).toBeGreaterThan(0)
    await fleet.asUnit('vg-0001')
    // A flood is counted whole and logged in part.
    expect(fleet.log.length).toBeLessThan(300)
  })

  test('of one unit, again and again, is sent away beyond its rate, and no other unit', async () => {
    // The slower the machine, the more of them its rate lets pass.
    for (let count = 0; count < ATTEMPTS_OF_A_UNIT.burst + 10 || counted('party-too-fast') === 0; count++) {
      const socket = await fleet.rawTls()
      socket.resume().write(connectPacket('somebody else'))
      await closed(socket)
    }
    expect(counted('party-too-fast')).toBeGreaterThan(0)
    await fleet.asUnit('vg-0002')
  })
})
