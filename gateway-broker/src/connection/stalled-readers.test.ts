import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { STALLED_BESIDE_ANOTHER_MS } from '../limits.ts'
import { createStalledReaders } from './stalled-readers.ts'

/** A socket whose other end takes something when it is told to. */
function socketThatWaits() {
  const taken: (() => void)[] = []
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => void taken.push(done) })
  return { socket, take: () => taken.shift()?.(), fill: () => void socket.write(Buffer.alloc(20_000)) }
}

const setUp = () => {
  const time = { ms: 0 }
  const readers = createStalledReaders(() => time.ms)
  const later = () => {
    time.ms += STALLED_BESIDE_ANOTHER_MS
    return readers.find()
  }
  return { readers, later }
}
const frames = new Set(['frames'])

test('a reader that takes nothing is found while another hears the same, and not while it stands alone', () => {
  const { readers, later } = setUp()
  const stalled = socketThatWaits()
  readers.watch(stalled.socket, frames)
  stalled.fill()
  readers.find()
  expect(later()).toEqual([])
  readers.watch(socketThatWaits().socket, new Set(['states']))
  expect(later()).toEqual([])
  readers.watch(socketThatWaits().socket, new Set(['states', 'frames']))
  expect(later()).toEqual([stalled.socket])
})

test('a reader that is slow is not found, and neither are two that stall together', async () => {
  const { readers, later } = setUp()
  const [slow, other] = [socketThatWaits(), socketThatWaits()]
  for (const { socket } of [slow, other]) readers.watch(socket, frames)
  slow.fill()
  slow.fill()
  readers.find()
  slow.take()
  await new Promise((resolve) => setImmediate(resolve))
  expect(later()).toEqual([])
  slow.fill()
  other.fill()
  readers.find()
  expect(later()).toEqual([])
})
