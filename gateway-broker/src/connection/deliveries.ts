import { IN_DELIVERY_MAX_BYTES, MESSAGE_IN_DELIVERY_BYTES } from '../limits.ts'

/** What one connection has said and somebody has not taken yet. */
export type Deliveries = {
  began(payloadBytes: number): void
  ended(payloadBytes: number): void
  isFull(): boolean
}

/**
 * Counts it, so that the connection is not read on while that is much. aedes 1.2.0 means to wait by itself, but reads on
 * with each chunk that comes while a message is longer than one: what a fleet sends to a cloud that does not read would
 * gather in memory.
 * @param hasRoom told when it is full no longer
 */
export function createDeliveries(hasRoom: () => void): Deliveries {
  let bytes = 0
  const isFull = () => bytes > IN_DELIVERY_MAX_BYTES
  return {
    began(payloadBytes) {
      bytes += payloadBytes + MESSAGE_IN_DELIVERY_BYTES
    },
    ended(payloadBytes) {
      const wasFull = isFull()
      bytes -= payloadBytes + MESSAGE_IN_DELIVERY_BYTES
      if (wasFull && !isFull()) hasRoom()
    },
    isFull,
  }
}
