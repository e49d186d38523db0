import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { Worker } from 'node:worker_threads'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { startVigieBroker } from '../conformance/broker-processes.ts'
import { connectPacket } from '../conformance/mqtt-packets.ts'
import { makeRevocationList } from '../fixtures/revocation-list.ts'
import { BROKERS, type MeasuredBroker, startBareTls, usageOf } from './measure/brokers.ts'
import { printReport, quantile, type Row, times } from './measure/figures.ts'

/*
 * What it costs to let a unit in: mutual TLS alone against a bare server of Node, TLS with CONNECT against Mosquitto and bare
 * aedes, by a ticket against a whole handshake; how soon a large fleet is back, and how soon a revoked unit is out.
 */
const SITE = 'col-d-allos'
const FLEET = Number(process.env['VIGIE_BENCH_UNITS'] ?? 2_000)
const CONNECTS = 600
const AT_ONCE = 8
/** As large a crowd from one address is sent away; a mobile operator has several too. */
const ADDRESSES = 8

const unitOf = (number: number) => `vg-${String(number + 1).padStart(4, '0')}`
const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
/** One more than come and go: it stays inside. */
const units = Array.from({ length: FLEET + 1 }, (_, number) => ({ site: SITE, unit: unitOf(number) }))
const authority = await createDevelopmentAuthority({ folder, units }, { now: Date.now })
const ca = readFileSync(authority.caFile)
const allFiles = units.map(({ unit }) => {
  const { certificateFile, keyFile } = authority.unit(unit)
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
})
const files = allFiles.slice(0, FLEET)

type Inside = { socket: TLSSocket; ticket: Buffer | null; isResumed: boolean; tookMs: number }

/**
 * One unit comes in: TLS until the server has given its ticket, which is after it judged us, or until CONNACK. Who was let
 * in by a ticket gets no other one.
 */
async function comeIn(port: number, number: number, wish: { mqtt: boolean; session?: Buffer | null }): Promise<Inside> {
  const startedAt = performance.now()
  const localAddress = `127.0.1.${1 + (number % ADDRESSES)}`
  const tcp = connectTcp({ host: '127.0.0.1', port, noDelay: true, localAddress })
  tcp.on('error', () => undefined) // the server may reset what we have given up
  const socket = connect({ socket: tcp, ca, ...files[number], ...(wish.session && { session: wish.session }) })
  socket.on('error', () => undefined) // `close` follows
  let ticket: Buffer | null = null
  const hasTicket = new Promise<void>((resolve) =>
    socket.on('session', (session) => {
      ticket = session
      resolve()
    }),
  )
  const hasResumed = new Promise<void>((resolve) =>
    socket.on('secureConnect', () => {
      if (socket.isSessionReused()) resolve()
    }),
  )
  const cut = once(socket, 'close').then(() => Promise.reject(new Error(`${unitOf(number)} was cut off`)))
  if (wish.mqtt) socket.write(connectPacket(unitOf(number), { keepaliveS: 600 }))
  else socket.resume()
  await Promise.race([...(wish.mqtt ? [once(socket, 'data')] : [hasTicket, hasResumed]), cut])
  cut.catch(() => undefined)
  return { socket, ticket, isResumed: socket.isSessionReused(), tookMs: performance.now() - startedAt }
}

/** So many, some of them at once; gives what the server spent on each, and how many came a second. */
async function costOfConnects(
  server: MeasuredBroker,
  { mqtt, tickets }: { mqtt: boolean; tickets?: (Buffer | null)[] },
): Promise<{ cpuMs: number; perS: number; resumed: number; tickets: (Buffer | null)[] }> {
  const kept: (Buffer | null)[] = []
  const warm = 40
  for (let number = 0; number < warm; number += 1) (await comeIn(server.port, number, { mqtt })).socket.destroy()
  const cpuBefore = usageOf(server).cpuS
  const startedAt = performance.now()
  let next = 0
  let resumed = 0
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < CONNECTS) {
        const number = next++
        const { socket, ticket, isResumed } = await comeIn(server.port, number % FLEET, {
          mqtt,
          session: tickets?.[number] ?? null,
        })
        kept[number] = ticket
        resumed += Number(isResumed)
        socket.destroy()
      }
    }),
  )
  const wallS = (performance.now() - startedAt) / 1000
  const cpuMs = ((usageOf(server).cpuS - cpuBefore) / CONNECTS) * 1000
  return { cpuMs, perS: CONNECTS / wallS, resumed: resumed / CONNECTS, tickets: kept }
}

async function handshakes(): Promise<void> {
  const rows: Row[] = []
  let bareMs = 0
  for (const [label, start] of [
    ['bare Node TLS', startBareTls],
    ['bare aedes', BROKERS['bare aedes']],
    ['gateway-broker', BROKERS['gateway-broker']],
  ] as const) {
    const server = await start?.(authority)
    if (server === undefined) continue
    const full = await costOfConnects(server, { mqtt: false })
    const again = await costOfConnects(server, { mqtt: false, tickets: full.tickets })
    if (label === 'bare Node TLS') bareMs = full.cpuMs
    rows.push({
      label,
      figures: {
        'cpu ms, whole': full.cpuMs,
        'of bare': times(full.cpuMs, bareMs),
        'cpu ms, by ticket': again.cpuMs,
        'of whole': times(again.cpuMs, full.cpuMs),
        resumed: `${(again.resumed * 100).toFixed(0)} %`,
      },
    })
    await server.stop()
  }
  printReport(`tls: mutual TLS without MQTT, ${CONNECTS} connections, ${AT_ONCE} at once`, rows)
}

async function connects(): Promise<void> {
  const rows: Row[] = []
  for (const [label, start] of Object.entries(BROKERS)) {
    const server = await start(authority)
    const { cpuMs, perS } = await costOfConnects(server, { mqtt: true })
    rows.push({ label, figures: { 'connects/s': perS, 'cpu ms each': cpuMs } })
    await server.stop()
  }
  printReport(`tls: whole handshake, CONNECT and CONNACK, ${CONNECTS} connections, ${AT_ONCE} at once`, rows)
}

/** A unit that stays inside; `took` gives how long each of its pings was answered in since it was last asked. */
async function startLiveUnit({ port }: MeasuredBroker) {
  const workerData = { port, unit: unitOf(FLEET), ca, ...allFiles[FLEET] }
  const worker = new Worker(new URL('./measure/live-unit.js', import.meta.url), { workerData })
  await once(worker, 'message')
  const took = async (): Promise<number[]> => {
    const answer = once(worker, 'message')
    worker.postMessage('tell')
    return (await answer)[0]
  }
  return { took, stop: () => worker.terminate() }
}

/** The whole fleet at once, first by whole handshakes and then, when all were cut off, by ticket. */
async function returning(): Promise<void> {
  const rows: Row[] = []
  const lives: Row[] = []
  for (const [label, start] of Object.entries(BROKERS)) {
    const server = await start(authority)
    const live = await startLiveUnit(server)
    await setTimeout(2_000)
    lives.push(liveRow(`${label}, quiet`, await live.took()))
    let tickets: (Buffer | null)[] = []
    for (const way of ['whole', 'by ticket']) {
      const cpuBefore = usageOf(server).cpuS
      const startedAt = performance.now()
      const arrived = await Promise.allSettled(
        files.map((_, number) => comeIn(server.port, number, { mqtt: true, session: tickets[number] ?? null })),
      )
      const tookS = (performance.now() - startedAt) / 1000
      lives.push(liveRow(`${label}, ${way}`, await live.took()))
      const inside = arrived.map((one) => (one.status === 'fulfilled' ? one.value : null))
      const all = inside.filter((one) => one !== null)
      rows.push({
        label: `${label}, ${way}`,
        figures: {
          'let in': all.length,
          'all in after s': tookS,
          'p99 s': quantile(
            all.map(({ tookMs }) => tookMs / 1000),
            0.99,
          ),
          resumed: `${((all.filter(({ isResumed }) => isResumed).length / FLEET) * 100).toFixed(1)} %`,
          'server cpu s': usageOf(server).cpuS - cpuBefore,
        },
      })
      tickets = inside.map((one) => one?.ticket ?? null)
      const gone = Promise.all(all.map(({ socket }) => once(socket, 'close')))
      for (const { socket } of all) socket.destroy()
      await gone
      await live.took()
    }
    await live.stop()
    await server.stop()
  }
  printReport(`tls: ${FLEET} units come back at once`, rows)
  printReport('tls: the ping of a unit that was inside, meanwhile', lives)
}

const liveRow = (label: string, took: number[]): Row => ({
  label,
  figures: {
    pings: took.length,
    'p50 ms': quantile(took, 0.5),
    'p99 ms': quantile(took, 0.99),
    'longest ms': Math.max(...took),
  },
})

/** One of a large fleet is revoked; the broker reads the list as it does in production, every ten seconds. */
async function revoked(): Promise<void> {
  const crlFile = join(folder, 'list.crl')
  const signer = { certificateFile: authority.caFile, keyFile: join(folder, 'ca.key') }
  writeFileSync(crlFile, await makeRevocationList(signer, { number: 1 }))
  const server = await startVigieBroker(authority, 0, { CRL_FILE: crlFile })
  const inside = await Promise.all(files.map((_, number) => comeIn(server.port, number, { mqtt: true })))
  const stolen = inside[0]
  if (stolen === undefined) throw new Error('a fleet has units')
  let cut = 0
  for (const { socket } of inside) socket.once('close', () => (cut += 1))
  const gone = once(stolen.socket, 'close')
  const startedAt = performance.now()
  writeFileSync(
    crlFile,
    await makeRevocationList(signer, { number: 2, revoked: [authority.unit(unitOf(0)).certificateFile] }),
  )
  await gone
  const outAfterS = (performance.now() - startedAt) / 1000
  const again = await comeIn(server.port, 0, { mqtt: true, session: stolen.ticket }).then(
    () => 'let in',
    () => 'refused',
  )
  const figures = { units: FLEET, 'out after s': outAfterS, 'others cut off': cut - 1, 'by its ticket': again }
  for (const { socket } of inside) socket.destroy()
  await server.stop()
  printReport('tls: one unit is revoked', [{ label: 'gateway-broker', figures }])
}

const MEASUREMENTS: Readonly<Record<string, () => Promise<void>>> = { handshakes, connects, returning, revoked }
const asked = process.argv.slice(2)
try {
  for (const [name, measure] of Object.entries(MEASUREMENTS))
    if (asked.length === 0 || asked.includes(name)) await measure()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
