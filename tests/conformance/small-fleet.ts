import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { type Broker, type BrokerDeps, createBroker } from '@vigie/gateway-broker/broker'
import type { AdjustableLimits } from '@vigie/gateway-broker/limits'
import type { CertificateFiles } from '@vigie/provisioning/authority/development-authority'
import type { IClientOptions } from 'mqtt'
import { pino } from 'pino'
import { connectParty, createTestAuthority, type Party, tlsOf } from './mqtt-party.ts'

const SITES: Record<string, string> = { 'vg-0001': 'col-d-allos', 'vg-0002': 'seyne' }

/** The topic of one of the two units. */
export const topicOf = (unit: string, what: string) => `vigie/1/${SITES[unit]}/${unit}/${what}`
/** The filter by which the cloud hears every unit say one thing. */
export const everyUnit = (what: string) => ['vigie', 1, '+', '+', what].join('/')
export const saying = (text: string) => (message: { payload: Buffer }) => message.payload.toString() === text
export const textOf = ({ payload }: { payload: Buffer }) => payload.toString()

/** A broker with another port than any, other limits than its own, or a word on who is revoked. */
type Wish = Partial<AdjustableLimits> & { port?: number } & Pick<BrokerDeps, 'revocations'>

export type SmallFleet = Awaited<ReturnType<typeof createSmallFleet>>

/** A broker in this process and the certificates of two units. Certificates take their time: restart it for each test. */
export async function createSmallFleet() {
  const authority = await createTestAuthority(Object.entries(SITES).map(([unit, site]) => ({ unit, site })))
  const log: Record<string, unknown>[] = []
  const parties: Party[] = []
  const logger = pino({ base: null }, { write: (line: string) => void log.push(JSON.parse(line)) })
  const start = ({ port = 0, revocations, ...options }: Wish = {}): Promise<Broker> =>
    createBroker(
      { log: logger, ...(revocations && { revocations }) },
      {
        host: '127.0.0.1',
        port,
        ca: readFileSync(authority.caFile, 'utf8'),
        certificate: readFileSync(authority.broker.certificateFile, 'utf8'),
        key: readFileSync(authority.broker.keyFile, 'utf8'),
        ...options,
      },
    )
  let broker = await start()

  async function connect(options: IClientOptions): Promise<Party> {
    const party = await connectParty(broker.port, options)
    parties.push(party)
    return party
  }
  return {
    authority,
    log,
    broker: () => broker,
    start,
    /** A new broker, an empty log, nobody connected. */
    async restart(options: Wish = {}) {
      for (const { client } of parties.splice(0)) client.end(true)
      await broker.stop()
      log.length = 0
      broker = await start(options)
    },
    connect,
    asUnit: (unit: string, options: IClientOptions = {}) =>
      connect({ ...tlsOf(authority, authority.unit(unit)), clientId: unit, ...options }),
    asCloud: (clientId = 'cloud-1', options: IClientOptions = {}) =>
      connect({ ...tlsOf(authority, authority.cloud), clientId, ...options }),
    /** TLS with a unit's certificate and no MQTT yet. */
    async rawTls(
      files: CertificateFiles = authority.unit('vg-0001'),
      options: ConnectionOptions = {},
    ): Promise<TLSSocket> {
      const socket = connectTls({ ...tlsOf(authority, files), port: broker.port, host: '127.0.0.1', ...options })
      socket.on('error', () => undefined) // being cut off is what these tests look for
      await once(socket, 'secureConnect')
      return socket
    },
    /** The reasons of all refusals so far, in order. */
    refusals: () => log.flatMap(({ reason }) => (reason === undefined ? [] : [reason])),
    async remove() {
      for (const { client } of parties) client.end(true)
      await broker.stop()
      authority.remove()
    },
  }
}
