import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@vigie/contract/clock'
import type { ItemId } from '@vigie/contract/ids'
import type { Logger } from 'pino'
import { createSteadyClock } from './clock/steady-clock.ts'
import { createAskForChecks } from './commands/ask-for-checks.ts'
import { createCommandSender } from './commands/command-sender.ts'
import { createPreviews } from './commands/previews.ts'
import { createCheckWatch } from './commissioning/check-watch.ts'
import { createContentFiles } from './commissioning/content-files.ts'
import { createReplacementWatch } from './commissioning/replacement-watch.ts'
import { createReportMaker } from './commissioning/report/make-report.ts'
import { createConfigurationPublisher } from './configuration/publisher.ts'
import { createCredentialWatch } from './credentials/credential-watch.ts'
import { Fault } from './faults.ts'
import { createPictureFiles } from './frames/picture-files.ts'
import { createFreshnessWatch } from './freshness/watch.ts'
import { healthChecks } from './health-checks.ts'
import { createHealthWatch } from './health-watch.ts'
import { createHttp } from './http/http.ts'
import { createPictureCache } from './http/picture-cache.ts'
import { createIntake, INTAKE_DEFAULTS } from './intake/intake.ts'
import { createLive, LIVE_DEFAULTS } from './live/live.ts'
import { readSitesNow } from './live/sites-now.ts'
import { createSnapshots } from './live/snapshot.ts'
import { sealAuthenticators } from './people/authenticator-secrets.ts'
import { forgetFirstLink, inviteFirstAdministrator } from './people/first-administrator.ts'
import { createPresenceWatch } from './presence/presence-watch.ts'
import { createRetention } from './retention/retention.ts'
import { openSeries } from './series/open-series.ts'
import type { Settings } from './settings.ts'
import { readSettingsFiles } from './settings-files.ts'
import { createStore, type Store } from './store/store.ts'
import { createThumbnailWorker } from './thumbnails/thumbnail-worker.ts'
import { createDevicePasses } from './tickets/device-pass.ts'
import { createTicketPublisher } from './tickets/publisher.ts'
import { createSellerWatch } from './tickets/seller-watch.ts'
import { createTicketSigning } from './tickets/ticket-signing.ts'
import { together } from './together.ts'
import { createAuthorityOffice } from './units/authority-office.ts'
import { createAuthorityWatch } from './units/authority-watch.ts'

export type CloudDeps = {
  clock: Clock
  random: () => number
  /** A name that no other process or call has. */
  newName: () => string
  /** Makes a ULID, each time another. */
  newId: () => ItemId
  log: Logger
  /** Writes a line for the person at the console of the server; not in the log. */
  tell: (line: string) => void
  /** Told once, when HTTP is answered: the address with its port. */
  onListening?: (address: string) => void
}

/** Runs the cloud side until the signal aborts: from the broker to the disk, and from the disk to the browsers. */
export async function runCloud(settings: Settings, deps: CloudDeps, signal: AbortSignal): Promise<void> {
  const { random, newName, log, tell } = deps
  const { dataFolder } = settings
  const { sites, unitAuthorities, brokerTls, influxPassword, oidc, vault, offer, ...signers } =
    readSettingsFiles(settings)
  const { reportSigner, configurationSigner, ticketsSigner } = signers
  await mkdir(dataFolder, { recursive: true })
  await forgetFirstLink(dataFolder)

  const store = await createStore({ sqliteFile: join(dataFolder, 'vigie.sqlite'), postgresUrl: settings.databaseUrl })
  await sealAuthenticators(store, vault, log)
  await store.configuration.seed(sites, deps.clock.now())
  if (offer !== null) await store.ticketOffer.seed(offer)
  const clock = createSteadyClock(deps.clock, await newestTimeIn(store))
  const series = await openSeries(settings, influxPassword)
  const files = createPictureFiles(join(dataFolder, 'frames'), { newName })
  const pictures = createPictureCache({
    frames: store.frames,
    files,
    clock,
    onMissing: ({ id, sha256 }, size, err) => log.error({ event: 'picture.missing', frame: id, sha256, size, err }),
  })

  const snapshots = createSnapshots({ readSites: () => readSitesNow(store), clock })
  const live = createLive({ events: store.liveEvents, snapshots, clock, random, log }, LIVE_DEFAULTS)
  const onChange = () => live.ring()
  const freshness = createFreshnessWatch({ snapshots, events: store.liveEvents, ring: onChange, clock, log })
  const isBusy = () => intake.condition().waiting.items > INTAKE_DEFAULTS.maxBatchItems
  const thumbnails = createThumbnailWorker({
    frames: store.frames,
    pictures: files,
    isBusy,
    onDeveloped: pictures.offer,
    onTakenBack: onChange,
    clock,
    random,
    log,
  })
  const retention = createRetention({ store, series, pictures: files, clock, log })

  const signing = createTicketSigning({ keys: store.ticketKeys, vault, clock })
  const ticketPublisher =
    ticketsSigner &&
    createTicketPublisher({
      ...{ store, signing, clock, random, log },
      sign: (document) => ticketsSigner.value()(document),
      broker: { url: settings.mqttUrl, clientId: `cloud-${newName()}-tickets`, tls: brokerTls?.value },
    })
  if (offer !== null && ticketPublisher === null)
    log.warn({ event: 'tickets.not-published', why: 'no TICKETS_CERTIFICATE_FILE' })

  const passes = createDevicePasses({ keys: store.ticketKeys, vault, clock, newId: deps.newId })
  const ringTickets = () => ticketPublisher?.ring()
  const { sellerKeysFolder: keysFolder = null } = settings
  const sellers = createSellerWatch({ store, keysFolder, onChange: ringTickets, clock, log })
  const rings = { onCanceled: ringTickets, onPass: ringTickets, onImported: ringTickets }
  const tickets = { signing, passes, sellers, ...rings }

  const previews = createPreviews({ commands: store.commands, clock })
  const isTimeCertain = () => clock.doubt() === null
  const onStored = () => {
    thumbnails.ring()
    onChange()
  }
  const intake = createIntake(
    {
      store,
      series,
      pictures: files,
      authorities: unitAuthorities.value,
      clock,
      isTimeCertain,
      random,
      log,
      onGateAsk: (unit, ask) => ticketPublisher?.answer(unit, ask),
      onPreview: (topic, payload) => void previews.take(topic, payload),
      onChange: onStored,
    },
    // Each connection has a client id of its own: a broker ends the older of two with the same.
    { ...INTAKE_DEFAULTS, broker: { url: settings.mqttUrl, clientId: `cloud-${newName()}`, tls: brokerTls?.value } },
  )
  const { connectedSince } = intake
  const sender = createCommandSender({
    ...{ commands: store.commands, presence: store.presence, clock, log },
    publish: intake.publish,
    isConnected: () => connectedSince() !== null,
  })
  const presence = createPresenceWatch({ presence: store.presence, connectedSince, clock, log, onChange })

  const publisher =
    configurationSigner &&
    createConfigurationPublisher({
      ...{ store, vault, clock, random, log },
      sign: (set) => configurationSigner.value()(set),
      broker: { url: settings.mqttUrl, clientId: `cloud-${newName()}-configuration`, tls: brokerTls?.value },
    })
  if (publisher === null) log.warn({ event: 'configuration.not-published', why: 'no CONFIGURATION_CERTIFICATE_FILE' })

  const unit = createAskForChecks({ commands: store.commands, newId: deps.newId, clock })
  const acceptance = createCheckWatch({ store, series, unit, clock, log })
  const kept = createContentFiles(join(dataFolder, 'commissioning'), { newName })
  const signerNow = () => reportSigner?.value() ?? null
  const reports = createReportMaker({ store, series, pictures: files, files: kept, signerNow, clock })
  const rescue = { series, pictures: files, isTimeCertain, onChange: onStored }
  const commissioning = { checks: acceptance, files: kept, reports, rescue }

  const { authorityUrl } = settings
  const officeAddress =
    authorityUrl !== undefined && brokerTls ? { url: authorityUrl, tls: brokerTls.value } : undefined
  const office = createAuthorityOffice(officeAddress)
  const replacements = createReplacementWatch({ store, office, clock, log })
  const authority = createAuthorityWatch({ office, certificates: store.unitCertificates, log })

  const credentials = createCredentialWatch({
    credentials: [unitAuthorities, brokerTls, ...Object.values(signers)].filter((one) => one != null),
    others: { broker: () => intake.condition().brokerCertificateEndsAt },
    ...{ clock, log },
  })
  const certificates = credentials.check
  const checks = healthChecks({ store, series, intake, retention, certificates, dataFolder, clock })
  const health = createHealthWatch({ checks, clock, log })
  const { consoleFolder, publicOrigin = null, trustedProxies } = settings
  const configuration = { publisher, onChange }
  const http = createHttp(
    {
      store,
      pictures,
      series,
      snapshots,
      live,
      health,
      commissioning,
      units: { office, watch: authority },
      previews,
      tickets,
      configuration,
      vault,
      clock,
      newName,
      newId: deps.newId,
      log,
    },
    { publicOrigin, oidc, consoleFolder, trustedProxies },
  )
  const answer = async (stop: AbortSignal) => {
    const address = await http
      .listen({ host: settings.listenHost, port: settings.listenPort })
      .catch((cause: unknown) => {
        throw new Fault('address-taken', { cause, detail: `${settings.listenHost}:${settings.listenPort}` })
      })
    log.info({ event: 'http.listening', address })
    const origin = publicOrigin ?? `http://localhost:${new URL(address).port}`
    await inviteFirstAdministrator({ store, clock, newName, log, tell }, { origin, dataFolder })
    deps.onListening?.(address)
    await aborted(stop)
    await http.close()
  }

  try {
    await together(signal, [
      retention.run,
      intake.run,
      presence.run,
      sender.run,
      thumbnails.run,
      freshness.run,
      live.run,
      health.run,
      credentials.run,
      acceptance.run,
      ...(officeAddress === undefined ? [] : [authority.run, replacements.run]),
      ...(publisher === null ? [] : [publisher.run]),
      ...(keysFolder === null ? [] : [sellers.run]),
      ...(ticketPublisher === null ? [] : [ticketPublisher.run]),
      answer,
    ])
  } finally {
    await Promise.all([store.close(), series.close()])
  }
}

/** When anything was last heard of any unit: the cloud's clock was there already. Null in an empty database. */
async function newestTimeIn({ presence }: Pick<Store, 'presence'>): Promise<number | null> {
  const times = (await presence.all()).map(({ heardAt }) => heardAt)
  return times.length === 0 ? null : Math.max(...times)
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
