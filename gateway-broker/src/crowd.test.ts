import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { createSmallFleet, everyUnit, type SmallFleet, saying, topicOf } from '@vigie/tests/conformance/small-fleet'
import { clientHello } from '@vigie/tests/fixtures/client-hello'
import { afterAll, beforeAll, expect, test } from 'vitest'

const CROWD = 200
/** Some 60 on a quiet machine; on a slow one several handshakes begin in a turn. If all began at once it would be one. */
const ROUND_TRIPS_BETWEEN = 5

let fleet: SmallFleet

beforeAll(async () => {
  fleet = await createSmallFleet()
})
afterAll(() => fleet.remove())

test('a unit that is inside is heard again and again while a crowd makes its handshakes', async () => {
  const cloud = await fleet.asCloud()
  await cloud.subscribe([everyUnit('state')])
  const inside = await fleet.asUnit('vg-0002')
  let roundTrips = 0
  const roundTrip = async () => {
    roundTrips += 1
    await inside.publish(topicOf('vg-0002', 'state'), `state ${roundTrips}`)
    await cloud.hears(saying(`state ${roundTrips}`))
  }
  const hello = await clientHello()
  const crowd = await Promise.all(Array.from({ length: CROWD }, arrive))
  // The event loop takes one connection in a turn; the crowd shall all have been taken, and speak at the same moment.
  while (roundTrips < CROWD) await roundTrip()
  let answered = 0
  for (const socket of crowd) {
    socket.once('data', () => (answered += 1))
    socket.write(hello)
  }
  while (answered < CROWD) await roundTrip()
  for (const socket of crowd) socket.destroy()
  expect(roundTrips - CROWD).toBeGreaterThan(ROUND_TRIPS_BETWEEN)
})

async function arrive(): Promise<Socket> {
  const socket = connectTcp({ port: fleet.broker().port, host: '127.0.0.1' })
  socket.on('error', () => undefined) // what it began is given up when the broker stops
  await once(socket, 'connect')
  return socket
}
