import { X509Certificate } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { areExitsCounted } from '@vigie/config-schema/exits'
import type { Clock } from '@vigie/contract/clock'
import type { BootId, ItemId } from '@vigie/contract/ids'
import { createListWatch } from '@vigie/contract/list-watch'
import { decodeState } from '@vigie/contract/state'
import { buildTopic, parseTopic } from '@vigie/contract/topics'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { type Broker, createBroker } from '../broker.ts'
import { Fault } from '../faults.ts'
import type { Revocations } from '../revocation/revocations.ts'
import type { TlsMaterial } from '../settings.ts'
import { createAlarms } from './alarms.ts'
import { createBell } from './bell.ts'
import { createCertificateWatch } from './certificate-watch.ts'
import { createConflicts } from './conflicts.ts'
import { createDecisions } from './decisions.ts'
import { createGateState } from './gate-state.ts'
import { createGatewayClock, type GatewayClock } from './gateway-clock.ts'
import { changeHttpTls, createHttp } from './http/http.ts'
import { createStateStream } from './http/state-stream.ts'
import { createJauge, type Jauge } from './jauge.ts'
import { createLanLink, type LanLink } from './lan/lan-link.ts'
import { createLaneCommands } from './lan/lane-commands.ts'
import { createLanes, lanesForState } from './lan/lanes.ts'
import { isUnwritten, openLedgerFile } from './ledger/ledger-file.ts'
import { createMuseumLedger, type MuseumLedger } from './ledger/museum-ledger.ts'
import { sha256 } from './ledger/sha256.ts'
import { createLists, type Lists } from './lists.ts'
import type { MuseumSettings } from './museum-settings.ts'
import { type OwnCertificates, readOwnCertificates } from './own-certificates.ts'
import { createRecentRows } from './recent-rows.ts'
import { openListStore } from './store/list-store.ts'
import type { CloudAddress } from './uplink/cloud-connection.ts'
import { createLanePlan, type LanePlan } from './uplink/lane-plan.ts'
import { createStamp } from './uplink/stamp.ts'
import { runUplink } from './uplink/uplink.ts'

export type MuseumDeps = {
  log: Logger
  clock: Clock
  random: () => number
  newId: () => ItemId
  /** Resolves after so long or when aborted; it never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  revocations?: Pick<Revocations, 'isRevoked'>
  /** When the list of the revoked should have been followed by another. */
  listDueMs?: () => number
  /** By what it is known; files that the settings name, where nothing else is said. */
  own?: OwnCertificates
}

export type Museum = {
  broker: Broker
  lists: Lists
  ledger: MuseumLedger
  clock: GatewayClock
  jauge: Jauge
  plan: LanePlan
  httpPort: number
  changeTls(material: TlsMaterial): void
  /** Runs until the signal is aborted: the link to the cloud, and the night. */
  run(signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/** Every minute is soon enough for the hour at which everybody is counted out. */
const NIGHT_LOOK_EVERY_MS = 60_000

/** The gateway of a museum. It reads as the data flows: ledger, lists, lanes, what is made of them, staff, cloud. */
export async function createMuseum(
  { log, clock: machine, random, newId, wait, revocations, listDueMs = () => Infinity, own: given }: MuseumDeps,
  settings: Readonly<MuseumSettings>,
  tls: TlsMaterial,
): Promise<Museum> {
  const { site, unit, dataFolder } = settings
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const clock = createGatewayClock(machine)
  const boot = newId() as string as BootId // both are ULIDs
  const file = openLedgerFile(join(dataFolder, 'ledger.sqlite'), clock)
  if (file.setAside !== null) log.error({ setAside: file.setAside }, 'ledger.damaged')
  const takeBackWithinMs = settings.takeBackWithinS * 1000
  const ledger = createMuseumLedger(file, { unit, boot, clock, newId, sha256, takeBackWithinMs })
  const onDiskFailure = (error: unknown) => log.error({ err: error }, 'ledger.failing')
  const alarms = createAlarms({ ledger, log, now: clock.now, monotonicMs: clock.monotonicMs })
  if (file.setAside !== null) alarms.raise('ledger-damaged', basename(file.setAside))

  const own = given ?? readOwnCertificates(settings)
  const roots = () => certificatesIn(own.roots())
  const store = openListStore(join(dataFolder, 'lists.sqlite'), (path) => rmSync(path, { force: true }))
  const lists = createLists({ site, store, roots, clock })
  const listWatch = createListWatch({ lists, clock, raise: alarms.raise })
  const certificateWatch = createCertificateWatch(own, { alarms, now: clock.now, listDueMs })
  const plan = createLanePlan({ site, unit, store, roots, now: clock.now })

  const stream = createStateStream({
    read: () => state.read(),
    onBug: (error) => log.error({ err: error }, 'http.bug'),
  })
  const bell = createBell(wait)
  const changed = () => {
    stream.ring()
    bell.ring()
  }
  ledger.onRows(changed)
  const lanes = createLanes({ ledger, planned: plan.lanes, onChange: changed })
  let link: LanLink | undefined
  const broker = await createBroker(
    {
      log,
      ...(revocations && { revocations }),
      onUnit(one, isHere) {
        lanes.here(one, isHere)
        link?.unitHere(one, isHere)
      },
      onRevoked: (one) => alarms.raise('unit-revoked', one),
    },
    { host: settings.listenHost, port: settings.listenPort, onlySite: site, ...tls },
  )
  const { voice } = broker
  const never = new AbortController().signal
  link = await createLanLink({
    ...{ site, unit, ledger, voice, now: clock.now, wait: (ms: number) => wait(ms, never) },
    onDiskFailure,
    onRefused: (one, why) => alarms.raise('rows-refused', `${one}: ${why}`),
    onBack(lane, rows) {
      log.warn({ lane, rows }, 'ledger.taken-back')
      alarms.raise('ledger-taken-back', `${rows}, ${lane}`)
    },
  })
  const commands = await createLaneCommands({ site, unit, voice, now: clock.now, newId, wait })
  const states = buildTopic({ site, unit, what: 'state' }).replace(`/${unit}/`, '/+/')
  await voice.hear(states, (topic, payload) => {
    const [parsed, said] = [parseTopic(topic), decodeState(payload)]
    if (parsed.ok && said.ok && said.value.lanes) lanes.told(parsed.value.unit, said.value.lanes)
  })

  const terms = () => lists.catalogue()?.museum ?? null
  const recent = createRecentRows(ledger, clock)
  const jauge = createJauge({
    ...{ ledger, recent, terms, now: clock.now, areAllHere: lanes.areAllHere },
    areExitsCounted: () => areExitsCounted(plan.lanes()),
  })
  const conflicts = createConflicts(ledger, clock)
  let isFeedWanted = false
  const decisions = createDecisions({
    ...{ ledger, lists, clock },
    inside() {
      const { persons, isEstimate } = jauge.inside()
      return { inside: persons, isEstimate }
    },
    onUnsettled() {
      isFeedWanted = true
      bell.ring()
    },
  })
  let isCloudConnected = false
  const state = createGateState({
    ...{ site, ledger, recent, lists, lanes, jauge, conflicts, clock },
    labels: plan.lanes,
    isCloudConnected: () => isCloudConnected,
  })
  const http = createHttp(
    { site, ledger, recent, lists, lanes, commands, decisions, conflicts, alarms, jauge, state, stream, clock, log },
    { consoleFolder: settings.consoleFolder, tls: settings.httpPlain ? null : tls },
  )
  await listen(http, { host: settings.httpHost, port: settings.httpPort })

  /** The unit's certificate in the connection that is, or was tried last. */
  let shown = ''
  function addressNow(): CloudAddress | null {
    const material = own.unit()
    shown = material?.certificate ?? ''
    return material && { url: settings.cloudUrl, tls: settings.cloudUrl.startsWith('mqtts:') ? material : null }
  }

  return {
    ...{ broker, lists, ledger, clock, jauge, plan },
    httpPort: (http.server.address() as AddressInfo).port, // it listens on TCP
    changeTls(material) {
      broker.changeTls(material)
      if (!settings.httpPlain) changeHttpTls(http, material)
    },
    async run(signal) {
      const uplink = runUplink(
        addressNow,
        {
          ...{ site, unit, boot, ledger, lists, plan, clock, bell, random, wait },
          stamp: createStamp({ unit, boot }, { clock, newId }),
          lanesNow: () => lanesForState(lanes.all()),
          onNews: changed,
          onListRefused: (why, detail) => alarms.raise(why, detail),
          onRowRefused: (reason) => alarms.raise('row-refused', reason),
          onConnected(isConnected) {
            isCloudConnected = isConnected
            if (isConnected) own.letIn(shown)
            log.info(isConnected ? 'cloud.connected' : 'cloud.left')
            stream.ring()
          },
          takeWish() {
            const wish = isFeedWanted
            isFeedWanted = false
            return wish
          },
          renewed: own.changed,
          onLost(error, retryInMs) {
            log.warn({ err: error, retryInMs }, 'cloud.lost')
            own.turnedAway(shown, error)
          },
        },
        signal,
      )
      while (!signal.aborted) {
        try {
          jauge.lookAtNight()
          listWatch.look()
          certificateWatch.look()
          alarms.look()
        } catch (error) {
          if (!isUnwritten(error)) throw error
          onDiskFailure(error)
        }
        await wait(NIGHT_LOOK_EVERY_MS, signal)
      }
      await uplink
    },
    async stop() {
      await http.close()
      await link?.stop()
      await broker.stop()
      store.close()
      ledger.close()
    },
  }
}

async function listen(http: FastifyInstance, at: { host: string; port: number }): Promise<void> {
  try {
    await http.listen(at)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code !== 'EADDRINUSE') throw cause
    throw new Fault('port-taken', `${at.host}:${at.port}`, { cause })
  }
}

/** Every certificate of a PEM text. */
const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((one) => new X509Certificate(one))
