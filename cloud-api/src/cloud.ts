import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFleet } from '@vigie/config-schema/documents'
import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import { createPictureFiles } from './frames/picture-files.ts'
import { createFreshnessWatch } from './freshness/watch.ts'
import { healthChecks } from './health-checks.ts'
import { createHttp } from './http/http.ts'
import type { BrokerAddress } from './intake/broker-connection.ts'
import { createIntake, INTAKE_DEFAULTS } from './intake/intake.ts'
import { createLive, LIVE_DEFAULTS } from './live/live.ts'
import { readSitesNow } from './live/sites-now.ts'
import { createSnapshots } from './live/snapshot.ts'
import { createPresenceWatch } from './presence/presence-watch.ts'
import { readAuthorities } from './presence/unit-certificate.ts'
import { createRetention } from './retention/retention.ts'
import { openSeries } from './series/open-series.ts'
import type { Settings } from './settings.ts'
import { createStore } from './store/store.ts'
import { createThumbnailWorker } from './thumbnails/thumbnail-worker.ts'
import { together } from './together.ts'

export type CloudDeps = {
  clock: Clock
  random: () => number
  /** A name that no other process or call has. */
  newName: () => string
  log: Logger
  /** Told once, when HTTP is answered: the address with its port. */
  onListening?: (address: string) => void
}

/** Runs the cloud side until the signal aborts: from the broker to the disk, and from the disk to the browsers. */
export async function runCloud(settings: Settings, deps: CloudDeps, signal: AbortSignal): Promise<void> {
  const { clock, random, newName, log } = deps
  const { dataFolder } = settings
  const sites = readFleet(settings.fleetFolder)
  const authorities = readAuthorities(readFileSync(settings.unitCaFile, 'utf8'))
  await mkdir(dataFolder, { recursive: true })

  const store = await createStore({ sqliteFile: join(dataFolder, 'vigie.sqlite'), postgresUrl: settings.databaseUrl })
  await store.fleet.replace(sites)
  const series = await openSeries(settings)
  const pictures = createPictureFiles(join(dataFolder, 'frames'), { newName })

  const snapshots = createSnapshots({ readSites: () => readSitesNow(store), clock })
  const live = createLive({ events: store.liveEvents, snapshots, clock, random, log }, LIVE_DEFAULTS)
  const onChange = () => live.ring()
  const freshness = createFreshnessWatch({ snapshots, events: store.liveEvents, ring: onChange, clock, log })
  const thumbnails = createThumbnailWorker({ frames: store.frames, pictures, random, log })
  const retention = createRetention({ store, series, pictures, clock, log })

  const intake = createIntake(
    {
      store,
      series,
      pictures,
      authorities,
      clock,
      random,
      log,
      onChange: () => {
        thumbnails.ring()
        onChange()
      },
    },
    { ...INTAKE_DEFAULTS, broker: brokerAddress(settings, newName()) },
  )
  const { connectedSince } = intake
  const presence = createPresenceWatch({ presence: store.presence, connectedSince, clock, log, onChange })

  const checks = healthChecks({ store, series, intake, retention, dataFolder, clock })
  const { operatorsFrom, consoleFolder } = settings
  const http = createHttp(
    { store, files: pictures, series, snapshots, live, checks, clock, log },
    { operatorsFrom, consoleFolder },
  )
  const answer = async (stop: AbortSignal) => {
    const address = await http.listen({ host: settings.listenHost, port: settings.listenPort })
    log.info({ event: 'http.listening', address })
    deps.onListening?.(address)
    await aborted(stop)
    await http.close()
  }

  try {
    await together(signal, [retention.run, intake.run, presence.run, thumbnails.run, freshness.run, live.run, answer])
  } finally {
    await Promise.all([store.close(), series.close()])
  }
}

/** Every connection has a client id of its own: a broker ends the older of two with the same. */
function brokerAddress(settings: Settings, name: string): BrokerAddress {
  const { mqttUrl: url, caFile, certificateFile, keyFile } = settings
  const clientId = `cloud-${name}`
  if (caFile === undefined || certificateFile === undefined || keyFile === undefined) return { url, clientId }
  const read = (file: string) => readFileSync(file, 'utf8')
  return { url, clientId, tls: { ca: read(caFile), cert: read(certificateFile), key: read(keyFile) } }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
