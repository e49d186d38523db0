import { gatewayOf, unitsOf } from '@vigie/config-schema/units-of'
import { GATE_DOCUMENT_MAX_BYTES } from '@vigie/contract/bounds'
import type { Clock } from '@vigie/contract/clock'
import type { Catalogue } from '@vigie/contract/gate/catalogue'
import type { GateAsk } from '@vigie/contract/gate/feed'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import type { Logger } from 'pino'
import type { DocumentSigner } from '../document-signer.ts'
import { type BrokerAddress, createBrokerConnection } from '../intake/broker-connection.ts'
import type { Sender } from '../intake/message.ts'
import { createBell } from '../live/bell.ts'
import type { Store } from '../store/store.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { together } from '../together.ts'
import { cataloguesNow } from './catalogue.ts'
import { feedPageAfter } from './feed-page.ts'
import { issuedPageAfter } from './issued-page.ts'
import type { TicketSigning } from './ticket-signing.ts'

export type TicketPublisherDeps = {
  store: Pick<Store, 'fleet' | 'ticketOffer' | 'ticketKeys' | 'ticketFeed' | 'issuedTickets'>
  signing: Pick<TicketSigning, 'prepare'>
  sign: DocumentSigner
  broker: BrokerAddress
  clock: Clock
  random: () => number
  log: Logger
}

type Question = Pick<GateAsk, 'after' | 'limit' | 'log'>

export type TicketPublisher = {
  /** Something has changed: a ticket was cancelled, say. Looked at soon. */
  ring(): void
  /** Answers a unit that asks how tickets stand, or which were issued. */
  answer(unit: Sender, ask: Question): void
  run(signal: AbortSignal): Promise<void>
}

/** What another instance sold or cancelled is seen this often. */
const LOOK_EVERY_MS = 2_000

/**
 * Tells the boxes of museums what they must know to decide by themselves: the catalogue, which stays with the broker, and
 * what is new in the feed, at once. A box that missed a page asks for it.
 */
export function createTicketPublisher(deps: TicketPublisherDeps): TicketPublisher {
  const { store, signing, sign, clock, random, log } = deps
  const bell = createBell()
  /** The catalogue that was left on this connection for each unit, by number. */
  const said = new Map<string, number>()
  /** Up to where each museum's feed was told, and its issued tickets. */
  const told = new Map<SiteId, number>()
  const toldIssued = new Map<SiteId, number>()
  const connection = createBrokerConnection(deps.broker, [], {
    ...{ clock, random },
    onMessage: async () => {},
    onConnected() {
      said.clear()
      bell.ring()
      log.info({ event: 'tickets.broker-connected' })
    },
    onDisconnected: (fault, retryInMs) =>
      log.warn({ event: 'tickets.broker-disconnected', fault: fault.code, detail: fault.message, retryInMs }),
  })

  async function unitsAt(site: SiteId): Promise<UnitId[]> {
    const document = await store.fleet.site(site)
    return document === undefined ? [] : (unitsOf(document) as UnitId[]) // the document's schema has the same pattern
  }

  async function sayCatalogue(catalogue: Catalogue): Promise<void> {
    const { site, version } = catalogue
    const missing = (await unitsAt(site)).filter((unit) => said.get(`${site} ${unit}`) !== version)
    if (missing.length === 0) return
    if (Buffer.byteLength(JSON.stringify(catalogue)) > GATE_DOCUMENT_MAX_BYTES) {
      for (const unit of missing) said.set(`${site} ${unit}`, version)
      log.error({ event: 'tickets.catalogue-too-long', site, version })
      return
    }
    const signed = await sign(catalogue)
    for (const unit of missing) {
      if (connection.retain(buildTopic({ site, unit, what: 'catalogue' }), signed)) said.set(`${site} ${unit}`, version)
    }
    log.info({ event: 'tickets.catalogue-said', site, version, units: missing.length })
  }

  /** What came since the last look goes to all boxes at once: who is up to date takes it, others ask for what they lack. */
  async function sayNews(site: SiteId, newest: number): Promise<void> {
    const after = told.get(site)
    told.set(site, newest)
    if (after === undefined || newest <= after) return
    const page = await feedPageAfter(store, { site, after }, clock.now())
    if (page === null) return
    const signed = await sign(page)
    for (const unit of await unitsAt(site)) connection.publish(buildTopic({ site, unit, what: 'feed' }), signed)
  }

  /** What was sold goes to the gateway alone: a lane decides by the code that it is shown, and has no room for it. */
  async function sayIssued(site: SiteId, newest: number): Promise<void> {
    const after = toldIssued.get(site)
    toldIssued.set(site, newest)
    if (after === undefined || newest <= after) return
    const document = await store.fleet.site(site)
    const unit = document && gatewayOf(document)
    if (unit === undefined) return
    const page = await issuedPageAfter(store, { site, after }, clock.now())
    if (page !== null) connection.publish(buildTopic({ site, unit: unit as UnitId, what: 'feed' }), await sign(page)) // as above
  }

  async function sayWhatIsNew(): Promise<void> {
    await signing.prepare()
    if (connection.connectedSince() === null) return
    for (const catalogue of await cataloguesNow({ store }, clock.now())) await sayCatalogue(catalogue)
    for (const { site, newest } of await store.ticketFeed.newest()) await sayNews(site, newest)
    for (const { site, newest } of await store.issuedTickets.newest()) await sayIssued(site, newest)
  }

  /** A database that does not answer now is asked again: by the loop, or by the unit. */
  async function unlessUnavailable(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const fault = storeFaultOf(error)
      if (fault === undefined) throw error
      log.warn({ event: 'tickets.not-said', fault: fault.code })
    }
  }

  async function answer({ site, unit }: Sender, { after, limit, log: wanted }: Question): Promise<void> {
    const pageAfter = wanted === 'issued' ? issuedPageAfter : feedPageAfter
    const page = await pageAfter(store, { site, after, limit }, clock.now())
    if (page !== null) connection.publish(buildTopic({ site, unit, what: 'feed' }), await sign(page))
  }

  async function sayUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await unlessUnavailable(sayWhatIsNew)
      await bell.wait(LOOK_EVERY_MS, signal)
    }
  }

  return {
    ring: bell.ring,
    answer: (unit, ask) => void unlessUnavailable(() => answer(unit, ask)),
    run: (signal) => together(signal, [connection.run, sayUntil]),
  }
}
