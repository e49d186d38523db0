import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { BootId, CameraId, ItemId, KeyId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import type { State } from '@vigie/contract/state'
import { buildTopic } from '@vigie/contract/topics'
import { createBroker } from '@vigie/gateway-broker/broker'
import type { createTestAuthority } from '@vigie/tests/conformance/mqtt-party'
import { knownTime } from '@vigie/tests/fakes/time'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { sealProcessedFrame } from '../frame/seal-frame.ts'
import { classRules } from '../outbox/class-rules.ts'
import { openOutbox } from '../outbox/outbox.ts'
import { createStamp } from '../stamp.ts'
import { createDoorbell } from './doorbell.ts'
import { createPresence } from './presence.ts'
import { runUplink, type UplinkDeps } from './uplink.ts'

export type Authority = Awaited<ReturnType<typeof createTestAuthority>>

export const placesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    site: `site-${index + 1}` as SiteId, // of the contract's pattern
    unit: `vg-${String(index + 1).padStart(4, '0')}` as UnitId, // likewise
  }))

/** A real broker with the certificates of so many units. */
export async function startTrialBroker(authority: Authority, port = 0) {
  const text = (file: string) => readFileSync(file, 'utf8')
  return createBroker(
    { log: pino({ level: 'silent' }) },
    {
      ...{ host: '127.0.0.1', port, ca: text(authority.caFile) },
      certificate: text(authority.broker.certificateFile),
      key: text(authority.broker.keyFile),
    },
  )
}

export function credentialsOf(authority: Authority, unit: string) {
  const text = (file: string) => readFileSync(file, 'utf8')
  const { certificateFile, keyFile } = authority.unit(unit)
  return { ca: text(authority.caFile), certificate: text(certificateFile), key: text(keyFile) }
}

/** Time that runs so many times too fast: patience of half a minute is a matter of a moment. */
export const fastTime = (pace: number) => ({
  now: () => Math.round(performance.timeOrigin + performance.now() * pace),
  monotonicMs: () => performance.now() * pace,
  wait: (ms: number, signal: AbortSignal) => setTimeout(ms / pace, undefined, { signal }),
})

const newId = monotonicFactory() as () => ItemId // a ULID is what an ItemId is
const key = {
  id: '0123456789abcdef' as KeyId, // of the contract's pattern
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
}

/** A unit that has an outbox on the disk and an uplink, and nothing else. */
export async function openTrialUnit(
  { site, unit }: { site: SiteId; unit: UnitId },
  { pace = 1, ...events }: { pace?: number } & Partial<UplinkDeps> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-uplink-'))
  const time = fastTime(pace)
  const doorbell = createDoorbell(time)
  const { outbox } = await openOutbox(
    { folder, rules: classRules({ frameMaxBytes: 1e9 }) },
    { time, announce: doorbell.ring, tell: () => undefined },
  )
  const boot = newId() as string as BootId // a ULID too
  const stamp = createStamp({ unit, boot }, { time: knownTime(time), newId })
  const presence = createPresence({ site, unit, boot, certificate: '-', software: 'trial' }, stamp)
  const stop = new AbortController()
  let running = Promise.resolve()
  const none = () => undefined
  return {
    outbox,
    /** Every id that a receipt settled, in order. */
    settled: [] as ItemId[],
    start(address: Parameters<typeof runUplink>[0]): void {
      running = runUplink(
        address,
        {
          ...{ outbox, doorbell, time, presence, random: Math.random },
          ...{ mayLeave: () => true, finish: (_item, payload) => payload },
          ...{ onSent: none, onOpen: none, onLost: none, onCarried: none },
          onSettled: (items) => void this.settled.push(...items.map(({ item }) => item.id)),
          ...events,
        },
        stop.signal,
      )
    },
    async keepState(): Promise<ItemId> {
      const body: State = { ...stamp.next('state'), kind: 'state', cameras: [] }
      const payload = Buffer.from(JSON.stringify(body))
      await outbox.keep({ id: body.id, class: 'state', topic: buildTopic({ site, unit, what: 'state' }), payload })
      return body.id
    },
    async keepFrame(bytes = 100_000): Promise<ItemId> {
      const envelope = stamp.next('frame')
      const view = { site, camera: 'cam1' as CameraId, preset: 'amont' as PresetId } // of the contract's patterns
      const frame = { jpeg: Buffer.alloc(bytes), widthPx: 10, heightPx: 10, maskVersion: 1 }
      const payload = sealProcessedFrame(frame, { envelope, view, key })
      const topic = buildTopic({ ...view, unit, what: 'frame' })
      await outbox.keep({ id: envelope.id, class: 'frame', topic, payload })
      return envelope.id
    },
    waiting: () => Object.values(outbox.backlog()).reduce((sum, { items }) => sum + items, 0),
    async end(): Promise<void> {
      stop.abort()
      await running
      await outbox.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Stands between a unit and the broker: slow, or deaf as a line that died without a word. */
export async function startLine(port: number, { bytesPerS = Infinity } = {}) {
  const open = new Set<Socket>()
  const line = {
    port: 0,
    isDead: false,
    close(): void {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('error', () => undefined)
      from.on('close', () => to.destroy())
      from.on('data', async (chunk) => {
        if (line.isDead) return
        from.pause()
        await setTimeout((chunk.byteLength / bytesPerS) * 1000)
        to.write(chunk)
        from.resume()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  line.port = (server.address() as AddressInfo).port // it listens on TCP
  return line
}
