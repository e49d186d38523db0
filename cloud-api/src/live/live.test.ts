import { PassThrough, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { RoadSite } from '@vigie/config-schema/kinds-of-site'
import type { CameraId, ItemId, PresetId, SiteId } from '@vigie/contract/ids'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { LiveEvent } from '../store/live-events.ts'
import type { LiveCause } from '../store/tables.ts'
import type { SiteNow } from './feature.ts'
import { createListener } from './listener.ts'
import { createLive, LIVE_DEFAULTS, type Live } from './live.ts'
import { createMessage } from './message.ts'
import type { Position } from './positions.ts'
import { createSnapshots } from './snapshot.ts'

const START = Date.parse('2026-11-22T12:00:00.000Z')
const SITES = ['allos', 'bayons', 'castellane', 'digne']

/** A log and the sites' newest frames in memory, whose reading takes as many turns of the loop as it is told. */
function createWorld(turns: () => number) {
  const log: LiveEvent[] = []
  const newest = new Map<string, number>()
  const slowly = async <Result>(read: () => Result): Promise<Result> => {
    for (let left = turns(); left > 0; left -= 1) await turn()
    return read()
  }
  const clock = { wallMs: START, now: () => clock.wallMs, monotonicMs: () => clock.wallMs }
  return {
    clock,
    newest,
    change: (site: string) => {
      clock.wallMs += 1
      newest.set(site, clock.wallMs)
      log.push({
        seq: log.length + 1,
        at: clock.wallMs,
        site: site as SiteId, // ids of this file
        camera: 'cam1' as CameraId, // the same
        cause: 'frame',
      })
    },
    events: {
      after: (seq: number, limit: number) => slowly(() => log.slice(seq, seq + limit)),
      oldestSeq: () => slowly(() => (log.length === 0 ? null : 1)),
    },
    readSites: async () => {
      const seq = await slowly(() => log.length)
      return { seq, sites: await slowly(() => SITES.map((site) => siteNow(site, newest.get(site)))) }
    },
  }
}

function siteNow(id: string, capturedAt: number | undefined): SiteNow {
  const site: RoadSite = {
    id,
    unit: id,
    name: id,
    road: 'D908',
    kind: 'col',
    latitude: 44,
    longitude: 6,
    altitudeM: 2000,
    wave: 2020,
    cameras: [
      {
        id: 'cam1',
        profile: 'p',
        schedule: { intervalS: 60 },
        picture: { widthPx: 1280, quality: 80 },
        presets: [{ id: 'amont', label: 'amont' }],
      },
    ],
  }
  const frame = {
    id: '01J00000000000000000000000' as ItemId, // a ULID
    camera: 'cam1' as CameraId, // ids of this file
    preset: 'amont' as PresetId, // the same
    capturedAt: capturedAt ?? 0,
    receivedAt: capturedAt ?? 0,
    clock: 'synchronised',
    seenAt: null,
    seenReceivedAt: null,
    seenClock: null,
    intervalS: null,
    doubts: '',
    widthPx: 1280,
    heightPx: 720,
    picture: 'kept',
    thumbnails: 'made',
  } as const
  const presence = { condition: 'online', heardAt: START } as const
  return { site, presence, cameras: [], latest: capturedAt === undefined ? [] : [frame] }
}

/** A client that keeps what it was told, and comes back with the id of the last event that it got. */
function createClient(live: Live) {
  const told: { id: number; webcam: string; capturedAt: number }[] = []
  let lastId = 0
  let gone = new AbortController()
  return {
    told,
    comeBack: async () => {
      gone = new AbortController()
      const mine = gone
      const refusal = await live.listen(lastId, gone.signal, () => {
        const stream = new PassThrough()
        stream.on('data', (chunk: Buffer) => {
          if (mine.signal.aborted) return
          for (const [, id, data] of chunk.toString().matchAll(/id: (\d+)\n(?:event: webcam\ndata: (.*)\n)?/g)) {
            lastId = Number(id)
            if (data === undefined) continue
            const { webcam } = JSON.parse(data)
            told.push({
              id: lastId,
              webcam: webcam.id,
              capturedAt: Date.parse(webcam.properties.presets[0].capturedAt),
            })
          }
        })
        return stream
      })
      expect(refusal).toBeNull()
    },
    leave: () => gone.abort(),
  }
}

describe('the live side', () => {
  it('loses no webcam and tells no event twice, whenever a client is cut and however slowly the store is read (property)', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('change' as const), site: fc.constantFrom(...SITES) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const), awayTurns: fc.nat(5) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('age' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('turn' as const), turns: fc.nat(8) }) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.constantFrom(0, 0, 0, 1, 3, 30)),
        async (steps, slowness) => {
          const world = createWorld(() => slowness.next().value ?? 0)
          const snapshots = createSnapshots({ readSites: world.readSites, clock: world.clock })
          const log = pino({ enabled: false })
          const live = createLive(
            { events: world.events, snapshots, clock: world.clock, random: () => 0, log },
            { ...LIVE_DEFAULTS, pollMs: 1, gatherMs: 0 },
          )
          const stop = new AbortController()
          const running = live.run(stop.signal)
          const client = createClient(live)
          let coming = client.comeBack()
          for (const step of steps) {
            if (step.do === 'change') {
              world.change(step.site)
              live.ring()
            } else if (step.do === 'age') {
              world.clock.wallMs += 1_001
            } else if (step.do === 'turn') {
              for (let left = step.turns; left > 0; left -= 1) await turn()
            } else {
              await coming
              client.leave()
              for (let left = step.awayTurns; left > 0; left -= 1) await turn()
              coming = client.comeBack()
            }
          }
          await coming
          const known = () => new Map(client.told.map(({ webcam, capturedAt }) => [webcam, capturedAt]))
          const truth = new Map([...world.newest].map(([site, capturedAt]) => [`${site}-cam1`, capturedAt]))
          await expect.poll(() => Object.fromEntries(known()), { interval: 2 }).toEqual(Object.fromEntries(truth))
          // Each event is told once at most, in order, and no webcam goes back to what it was before.
          for (const [index, { id, webcam, capturedAt }] of client.told.entries()) {
            const before = client.told.slice(0, index)
            expect(id).toBeGreaterThan(before.at(-1)?.id ?? 0)
            expect(capturedAt).toBeGreaterThanOrEqual(before.findLast((one) => one.webcam === webcam)?.capturedAt ?? 0)
          }
          client.leave()
          expect(live.listenerCount()).toBe(0)
          stop.abort()
          await running
        },
      ),
      { numRuns: 60 },
    )
  })

  it('cuts a client that takes nothing, and tells the others meanwhile', async () => {
    const world = createWorld(() => 0)
    const snapshots = createSnapshots({ readSites: world.readSites, clock: world.clock })
    const live = createLive(
      { events: world.events, snapshots, clock: world.clock, random: () => 0, log: pino({ enabled: false }) },
      { ...LIVE_DEFAULTS, pollMs: 1, gatherMs: 0 },
    )
    const stop = new AbortController()
    const running = live.run(stop.signal)
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined })
    const gone = new AbortController()
    stuck.once('close', () => gone.abort())
    expect(await live.listen(null, gone.signal, () => stuck)).toBeNull()
    const client = createClient(live)
    await client.comeBack()

    world.change('allos')
    await expect.poll(() => client.told).toHaveLength(1)
    expect(stuck.destroyed).toBe(false)
    world.clock.wallMs += LIVE_DEFAULTS.stuckMs + 1
    await expect.poll(() => stuck.destroyed).toBe(true)
    await expect.poll(() => live.listenerCount()).toBe(1)
    client.leave()
    stop.abort()
    await running
  })
})

describe('a slow client', () => {
  const text = (seq: number, cause: LiveCause, json: string) => Buffer.from(`${json}${seq} ${cause} `)
  const message = (webcam: string, seq: number, byCause: Position['byCause']) =>
    createMessage(webcam, { seq, byCause }, webcam, text)

  /** A peer that takes nothing by itself. */
  function createStuckPeer() {
    const taken: string[] = []
    let take: (() => void) | null = null
    const out = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, done) => {
        taken.push(chunk.toString())
        take = done
      },
    })
    const takeAll = async () => {
      while (take !== null) {
        const done: () => void = take
        take = null
        done()
        await turn()
      }
      return taken.join('').trim()
    }
    return { out, takeAll }
  }

  it('gets the newest of each webcam in the order of their numbers, and never costs more than one message each', async () => {
    const { out, takeAll } = createStuckPeer()
    const listener = createListener(out, 0, () => 0)
    for (let seq = 1; seq <= 1_000; seq += 1) {
      listener.offer(message(SITES[seq % 4] ?? '', seq, new Map([['frame', seq]])))
    }
    expect(out.writableLength).toBeLessThan(20)
    expect(await takeAll()).toBe('bayons1 frame bayons997 frame castellane998 frame digne999 frame allos1000 frame')
  })

  it('hears of a state that changed while it was slow, though a picture came after it', async () => {
    const { out, takeAll } = createStuckPeer()
    const listener = createListener(out, 0, () => 0)
    const byCause = new Map<LiveCause, number>()
    for (const [index, cause] of (['frame', 'state', 'freshness', 'frame'] as const).entries()) {
      listener.offer(message('allos', index + 1, new Map(byCause.set(cause, index + 1))))
    }
    expect(await takeAll()).toBe('allos1 frame allos4 state')
  })
})
