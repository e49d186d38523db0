import { DESIRED_DOCUMENT_MAX_BYTES } from '@vigie/contract/bounds'
import type { Clock } from '@vigie/contract/clock'
import type { DesiredSet } from '@vigie/contract/desired'
import { buildTopic, DESIRED_DOCUMENTS } from '@vigie/contract/topics'
import type { Logger } from 'pino'
import type { DocumentSigner } from '../document-signer.ts'
import { type BrokerAddress, createBrokerConnection } from '../intake/broker-connection.ts'
import { createBell } from '../live/bell.ts'
import type { ConfigurationStanding, ToldConfiguration } from '../store/configurations.ts'
import type { Store } from '../store/store.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { together } from '../together.ts'
import type { Vault } from '../vault.ts'
import { type DocumentTexts, digestsOf, documentsForUnit, hasPasswords } from './documents-for-unit.ts'

export type PublisherDeps = {
  store: Pick<Store, 'unitKeys' | 'configuration'>
  vault: Vault | null
  sign: DocumentSigner
  broker: BrokerAddress
  clock: Clock
  random: () => number
  log: Logger
}

export type ConfigurationPublisher = {
  /** Something has changed: looked at soon. */
  ring(): void
  run(signal: AbortSignal): Promise<void>
}

/** Another instance, or a unit with a new key, has made it necessary: the table says so, and is asked this often. */
const LOOK_EVERY_MS = 2_000
/** A trial that a restart interrupted is asked for again by itself, so many times in all: a power cut says nothing of a set. */
const ATTEMPTS_BY_ITSELF = 3

/**
 * Keeps every unit's desired documents retained at the broker. A connection of its own, since a broker holds nothing that
 * matters: whenever one is made, everything is said again, each document before the set that names it.
 */
export function createConfigurationPublisher(deps: PublisherDeps): ConfigurationPublisher {
  const { store, vault, sign, clock, random, log } = deps
  const { configuration } = store
  const bell = createBell()
  /** What was said on this connection, by site and unit. */
  const said = new Map<string, string>()
  /** The version for each unit whose passwords could not be opened, so that it is logged once. */
  const closed = new Map<string, number>()
  const connection = createBrokerConnection(deps.broker, [], {
    ...{ clock, random },
    onMessage: async () => {},
    onConnected() {
      said.clear()
      bell.ring()
      log.info({ event: 'configuration.broker-connected' })
    },
    onDisconnected: (fault, retryInMs) =>
      log.warn({ event: 'configuration.broker-disconnected', fault: fault.code, detail: fault.message, retryInMs }),
  })

  /** What a unit of a site should be told, made anew where the site or the unit's key has changed. */
  async function toldNow({ site, unit, version, told }: ConfigurationStanding): Promise<ToldConfiguration | null> {
    const known = await store.unitKeys.newestOf(unit)
    const isKeyOf = (one: ToldConfiguration) => one.key === null || one.key === known?.key
    if (told && told.version === version && isKeyOf(told)) return askedAgain(told)
    const newest = await configuration.version(site, version)
    if (newest === undefined) return null
    const sealing = known ?? null
    const isSealed = hasPasswords(newest.documents)
    // Its key comes with its first birth.
    if (isSealed && sealing === null) return null
    const documents = await documentsForUnit(newest.documents, sealing, vault)
    if (documents === null) {
      if (closed.get(unit) !== version) log.error({ event: 'configuration.vault-closed', site, unit, version })
      closed.set(unit, version)
      return null
    }
    const attempt = told && told.version === version ? told.attempt + 1 : 1
    const key = isSealed && sealing ? sealing.key : null
    const next = { site, unit, key, version, attempt, at: clock.now(), documents: JSON.stringify(documents) }
    return (await configuration.tell(next, told)) ? next : null
  }

  async function askedAgain(told: ToldConfiguration): Promise<ToldConfiguration> {
    const { refused } = (await configuration.reported(told.site, told.unit)) ?? { refused: null }
    const isInterrupted = refused?.reason === 'configuration-interrupted' && refused.version === told.version
    if (!isInterrupted || refused.attempt !== told.attempt || told.attempt >= ATTEMPTS_BY_ITSELF) return told
    await configuration.askAgain(told.site, clock.now(), null, told.unit)
    return (await configuration.told(told.site, told.unit)) ?? told
  }

  /** What was retained for a unit that has gone elsewhere is retained no more, nor what a gate there must know. */
  function forget({ site, unit }: ToldConfiguration): void {
    for (const document of ['set', ...DESIRED_DOCUMENTS] as const) {
      connection.retain(buildTopic({ site, unit, what: 'desired', document }), '')
    }
    connection.retain(buildTopic({ site, unit, what: 'catalogue' }), '')
  }

  async function say(told: ToldConfiguration): Promise<void> {
    const { site, unit, version, attempt, at } = told
    const texts = JSON.parse(told.documents) as DocumentTexts // written by `toldNow`
    const tooLong = DESIRED_DOCUMENTS.find((name) => Buffer.byteLength(texts[name]) > DESIRED_DOCUMENT_MAX_BYTES)
    if (tooLong !== undefined) {
      log.error({ event: 'configuration.too-long', site, version, document: tooLong })
      return
    }
    const set: DesiredSet = {
      ...{ v: 1, kind: 'desired-set', site, unit, version, attempt },
      ...{ at: new Date(at).toISOString(), documents: digestsOf(texts) },
    }
    const signed = await sign(set)
    for (const document of DESIRED_DOCUMENTS) {
      connection.retain(buildTopic({ site, unit, what: 'desired', document }), texts[document])
    }
    if (connection.retain(buildTopic({ site, unit, what: 'desired', document: 'set' }), signed)) {
      log.info({ event: 'configuration.said', site, unit, version, attempt })
    }
  }

  function isNews({ site, unit }: ToldConfiguration, mark: string): boolean {
    const place = `${site} ${unit}`
    if (said.get(place) === mark) return false
    said.set(place, mark)
    return true
  }

  async function sayWhatIsNew(): Promise<void> {
    if (connection.connectedSince() === null) return
    const { units, gone } = await configuration.standings()
    for (const standing of units) {
      const told = await toldNow(standing)
      if (told === null || !isNews(told, `${told.version} ${told.attempt}`)) continue
      await say(told)
    }
    for (const told of gone) if (isNews(told, 'gone')) forget(told)
  }

  async function sayUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await sayWhatIsNew()
      } catch (error) {
        const fault = storeFaultOf(error)
        if (fault === undefined) throw error
        log.warn({ event: 'configuration.not-said', fault: fault.code })
      }
      await bell.wait(LOOK_EVERY_MS, signal)
    }
  }

  return { ring: bell.ring, run: (signal) => together(signal, [connection.run, sayUntil]) }
}
