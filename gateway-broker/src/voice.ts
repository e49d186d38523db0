import type { UnitId } from '@vigie/contract/ids'
import type { Principal } from '@vigie/contract/topics'
import type { Aedes, AedesPublishPacket, Client } from 'aedes'

/** What the process of the broker hears and says by itself, without a connection. The rules are for others: it keeps them. */
export type Voice = {
  /** `take` is told of each message that fits; whoever said it is read no further until it has returned. */
  hear(filter: string, take: (topic: string, payload: Buffer) => Promise<void> | void): Promise<void>
  /** Resolves when it has been handed to every connection that listens. */
  say(topic: string, payload: string | Buffer): Promise<void>
  /** Bytes that wait in the sockets of a unit; 0 when it is not there. */
  waitingBytes(unit: UnitId): number
}

export function createVoice(
  aedes: Aedes,
  principalOf: (client: Client) => Principal | undefined,
  onUnit: (unit: UnitId, isHere: boolean) => void = () => undefined,
): Voice {
  const here = new Map<UnitId, Set<Client>>()
  const unitOf = (client: Client) => {
    const principal = principalOf(client)
    return principal?.role === 'unit' ? principal.unit : undefined
  }
  aedes.on('clientReady', (client) => {
    const unit = unitOf(client)
    if (unit === undefined) return
    const clients = here.get(unit) ?? new Set()
    here.set(unit, clients.add(client))
    onUnit(unit, true)
  })
  aedes.on('clientDisconnect', (client) => {
    const unit = unitOf(client)
    const clients = unit && here.get(unit)
    if (unit === undefined || !clients?.delete(client) || clients.size > 0) return
    here.delete(unit)
    onUnit(unit, false)
  })
  return {
    hear: (filter, take) =>
      new Promise((resolve) => {
        const deliver = ({ topic, payload }: AedesPublishPacket, done: () => void) => {
          Promise.resolve(take(topic, Buffer.from(payload))).then(done, (error: unknown) => {
            // A bug of ours, and nothing that a client should pay for.
            queueMicrotask(() => {
              throw error
            })
          })
        }
        aedes.subscribe(filter, deliver, resolve)
      }),
    say: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish' as const, topic, payload, qos: 0 as const, retain: false, dup: false }
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()))
      }),
    waitingBytes: (unit) => [...(here.get(unit) ?? [])].reduce((sum, { conn }) => sum + conn.writableLength, 0),
  }
}
