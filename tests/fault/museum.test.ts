import { setTimeout as pause } from 'node:timers/promises'
import { mergeLedgers } from '@vigie/contract/gate/merge'
import { occupancyOf } from '@vigie/contract/gate/occupancy'
import type { Row } from '@vigie/contract/gate/row'
import { ulid } from 'ulid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reasonForNoTripod } from '../fakes/gate/tripod.ts'
import { openFlappingLink } from '../fixtures/flapping-link.ts'
import { MUSEUM, openTrialEntrance, type TrialEntrance, untilSo } from '../fixtures/museum/trial-entrance.ts'
import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'
import { openTill } from '../fleet/museum/till.ts'
import { visit, WRONGS, type Wrong } from '../fleet/museum/visitors.ts'
import { placesOf } from '../fleet/places.ts'
import { findFreePorts } from '../fleet/port.ts'
import { vaultKeyFile } from '../fleet/programs.ts'
import { createHarmer, type HarmName, untilBack } from './museum/harm.ts'
import { type Harm, judgeMuseum } from './museum/judge-museum.ts'
import { brokenChains, listed, readCloud, readGateway, readLane } from './museum/ledgers.ts'
import { openTrialGate } from './museum/trial-gate.ts'
import { createVisitors, LANES, passesOf } from './museum/visitors.ts'

/** Ten harms, or a hundred: who lets people in dies most often. */
const TIMES = process.env['VIGIE_SOAK'] === '1' ? 10 : 1
const HARMS: Readonly<Record<HarmName, number>> = {
  ...{ tripode1: 2 * TIMES, tripode2: 2 * TIMES, gateway: 2 * TIMES },
  ...{ broker: TIMES, 'cloud-api': TIMES, 'lan-cut': TIMES, 'lan-silent': TIMES },
}
const UNITS = { gateway: 'vm-1000', tripode1: 'vm-1001', tripode2: 'vm-1002', wicket: 'vm-1003' }
/** With both cores busy: a cloud that died unheard is told again after half a minute. */
const HEALED_WITHIN_MS = 150_000
const SOLD_AT_ONCE = 20
/** Some five people come in for each, and the house holds 220. */
const HARMS_UNTIL_FULL = 10
const KINDS = Object.keys(WRONGS) as Wrong[] // its keys are these

const reason = reasonForNoTripod()
if (reason !== null) console.log(`no museum is killed: ${reason}`)

describe.skipIf(reason !== null)('a museum', () => {
  let entrance: TrialEntrance
  let lan: Awaited<ReturnType<typeof openFlappingLink>>
  /** Of the tests before: who went through in them is judged with the others. */
  const deaths: Harm[] = []
  beforeAll(async () => {
    // Between the lanes and their gateway stands a wire that can be cut.
    const behind = await findFreePorts(1)
    let opening: Promise<typeof lan> | undefined
    entrance = await openTrialEntrance({
      ...{ agentsPerProcess: 1, restarts: { firstMs: 100, capMs: 100 } },
      wrap(program) {
        if (program.name !== `gateway-${MUSEUM}`) return program
        opening = openFlappingLink(() => behind, Number(program.env['LISTEN_PORT']))
        return { ...program, env: { ...program.env, LISTEN_PORT: String(behind) } }
      },
    })
    if (opening === undefined) throw new Error('no gateway was started')
    lan = await opening
  }, 180_000)
  afterAll(async () => {
    await entrance?.stop()
    lan?.close()
  })

  async function sell(count: number) {
    const orders = Array.from({ length: Math.ceil(count / SOLD_AT_ONCE) }, () => entrance.sell(SOLD_AT_ONCE))
    return (await Promise.all(orders)).flatMap(({ tickets }) => tickets).slice(0, count)
  }

  async function rowsAtGateway(): Promise<Row[]> {
    const all: Row[] = []
    for (let after = 0; ; ) {
      const path = `/rows?after=${after}`
      const { position, rows } = await entrance.askGateway<{ position: number; rows: Row[] }>('GET', path)
      if (rows.length === 0) return all
      all.push(...rows)
      after = position
    }
  }

  /** The staff says that the house is empty, as soon as anybody listens. */
  const countNobody = () =>
    untilSo(() =>
      entrance.askGateway('POST', '/inside', { inside: 0, reason: 'recompté' }).then(
        () => true,
        () => false,
      ),
    )

  /** Until gateway and cloud hold the same rows, and no more come. */
  async function untilHealed(): Promise<Row[]> {
    let [rows, before]: [Row[], string] = [[], '']
    await untilSo(async () => {
      await pause(500)
      rows = await rowsAtGateway()
      const { lanes } = await entrance.atGateway()
      const now = listed(rows).join()
      const isStill = now === before && listed(readCloud(entrance.dataFolder)).join() === now
      before = now
      return isStill && lanes.every(({ isHere }) => isHere)
    }, HEALED_WITHIN_MS)
    return rows
  }

  test('R04 S01 S14 S17 K02: the visitors of the fleet are told what they should be, whatever they come with', async () => {
    const random = seededRandom(seedOfRun())
    const places = placesOf(entrance.dataFolder)
    const till = await openTill({ cloudFolder: places.cloud, vaultKeyFile: vaultKeyFile(places) })
    const stop = new AbortController()
    const answers = new Map<Wrong | null, string[]>()
    const enough = (of: Wrong | null) => (answers.get(of)?.length ?? 0) >= 1
    const gates = LANES.map((lane) => openTrialGate(entrance, lane))
    await visit(
      { site: MUSEUM, types: [1, 2, 21], elsewhere: 11, everyMs: 1, stayMs: 600_000 },
      {
        ...{ gates, till, random, wrongs: { again: 15, elsewhere: 15, unknown: 15, cancelled: 15, 'other-day': 15 } },
        wait: (ms) => pause(ms, undefined, { signal: stop.signal }).catch(() => undefined),
        log(event, { wrong, lane }) {
          if (event !== 'visitor.came') return
          const of = wrong as Wrong | null // as `visit` tells it
          answers.set(of, [...(answers.get(of) ?? []), gates.find((gate) => gate.lane === lane)?.answer() ?? ''])
          if ([...KINDS, null].every(enough)) stop.abort()
        },
      },
      stop.signal,
    ).finally(till.close)
    const told = Object.fromEntries([...answers].map(([of, said]) => [of ?? 'good', [...new Set(said)].join()]))
    expect(told).toEqual({ ...WRONGS, good: 'ok' })
  })

  test('G03: lanes without power in the middle of a grant: both tickets are good again, and no row says who went through', async () => {
    const tickets = await sell(2)
    const persons = (await entrance.atGateway()).inside.persons
    const lanes = LANES.map((lane, index) => {
      const kept = entrance.fleet.processes.get(`lanes-${MUSEUM}-${index + 1}`)
      if (kept === undefined) throw new Error(`no box drives ${lane}`)
      const count = (event: string) => entrance.tripods[lane].news.filter((one) => one.event === event).length
      return { lane, kept, count, ticket: tickets[index] }
    })
    for (const { lane, count, kept, ticket } of lanes) {
      const [released, passed] = [count('released'), count('passed')]
      entrance.readers[lane].show(ticket?.code ?? '')
      await untilSo(() => count('released') > released)
      deaths.push({ part: lane, fromMs: Date.now(), untilMs: Date.now() })
      await kept.cutPower()
      if (lane === 'tripode1') continue
      // Its board goes on by itself, and so does whoever has seen the light.
      entrance.tripods[lane].tell({ do: 'push', way: 'A' })
      await untilSo(() => count('passed') > passed)
    }
    for (const { kept } of lanes) kept.up()
    const after = async () => {
      const rows = await rowsAtGateway()
      return tickets.map(({ id }) => {
        const decision = rows.find(({ body }) => body.kind === 'decision' && body.ticket === id)
        return rows.filter(({ body }) => 'decision' in body && body.decision === decision?.id).map(({ body }) => body)
      })
    }
    await untilSo(async () => (await after()).every(({ length }) => length > 0))
    const unseen = { kind: 'returned', persons: 1, why: 'unseen' }
    expect(await after()).toMatchObject([[unseen], [unseen]])
    expect((await entrance.atGateway()).inside.persons).toBe(persons)
    for (const { code } of tickets) {
      const question = { site: MUSEUM, code, direction: 'in', nonce: ulid() }
      expect(await entrance.askGateway('POST', '/decisions', question)).toMatchObject({ outcome: 'ok' })
    }
  })

  test(`R01 R05 R08 Y05 G03: of whom a tripod let through it loses and doubles none, whatever dies: ${10 * TIMES} times a part is killed, or the LAN cut`, async () => {
    const seed = seedOfRun()
    const random = seededRandom(seed)
    const visitors = createVisitors(entrance, await sell(60 + TIMES * 80), random)
    const harmer = createHarmer(entrance, lan, random)
    const stop = new AbortController()
    const visiting = visitors.run(stop.signal)
    for (const [done, part] of inRandomOrder(HARMS, random).entries()) {
      await harmer.harm(part)
      if (done % HARMS_UNTIL_FULL === 0) await countNobody()
    }
    // Some come when all is well again.
    await pause(4_000)
    stop.abort()
    await visiting

    const rows = await untilHealed()
    const harms = [...deaths, ...harmer.harms].map((harm) => untilBack(harm, rows, UNITS))
    const evidence = { rows, passes: passesOf(entrance), answers: visitors.answers, harms, unitOf: UNITS }
    const { counted, unseen, split, ...wrong } = judgeMuseum(evidence)
    console.log(
      `museum: seed ${seed}, ${harms.length} harms, ${visitors.shown.length} tickets shown, ${visitors.answers.length} ` +
        `to a phone, ${evidence.passes.length} through an arm: ${counted} counted, ${unseen.length} while the agent was ` +
        `dead, ${split.length} twice at places that did not hear of one another, ${rows.length} rows`,
    )
    for (const { part, fromMs, untilMs } of harms) console.log(`  ${part}: ${timeOf(fromMs)} to ${timeOf(untilMs)}`)
    expect({ ...wrong, chains: brokenChains(rows) }).toEqual({
      ...{ lost: [], invented: [], forced: [], misquoted: [], doubled: [], chains: [] },
    })
    expect(counted).toBeGreaterThan(harms.length)

    const unwatched = rows.filter(({ body }) => body.kind === 'returned' && body.why === 'unseen')
    expect(unwatched.length).toBeGreaterThanOrEqual(unseen.filter(({ way }) => way === 'in').length)
    const inbox = (conflicts: { ticket: string }[]) => conflicts.map(({ ticket }) => ticket).sort()
    const atCloud = await entrance.askCloud<{ conflicts: { ticket: string }[] }>('GET', '/conflicts')
    expect(inbox(await entrance.askGateway('GET', '/conflicts'))).toEqual(inbox(split))
    expect(inbox(atCloud.conflicts)).toEqual(inbox(split))

    const { inside } = occupancyOf(rows, { nowMs: Date.now(), areExitsCounted: true, stayMinutes: 1 })
    expect((await entrance.atGateway()).inside.persons).toBe(inside)
    const cloud = await entrance.atCloud()
    expect(cloud.inside).toBe(inside)
    expect(cloud.ledgers.filter(({ missing, problems }) => missing + problems > 0)).toEqual([])

    // Whoever did not go through comes again, and finds room.
    await countNobody()
    const { tickets } = mergeLedgers(rows)
    const said: unknown[] = []
    for (const { id, code } of new Map(visitors.shown.map((ticket) => [ticket.id, ticket])).values()) {
      const question = { site: MUSEUM, code, direction: 'in', nonce: ulid() }
      const { outcome } = await entrance.askGateway<{ outcome: string }>('POST', '/decisions', question)
      const wasUsed = [...tickets].some(([ticket, { entries }]) => ticket === id && entries.length > 0)
      if (outcome !== (wasUsed ? 'already_redeemed' : 'ok')) said.push({ id, outcome, wasUsed })
    }
    expect(said).toEqual([])

    const last = await untilHealed()
    const boxes = ['gateway', 'lanes'].flatMap((name) =>
      [...entrance.fleet.processes.values()].filter((kept) => kept.name.startsWith(`${name}-`)),
    )
    await Promise.all(boxes.map((kept) => kept.stop(10_000)))
    const { dataFolder } = entrance
    const { gateway, ...lanes } = UNITS
    const sides = {
      gateway: readGateway(dataFolder, gateway),
      cloud: readCloud(dataFolder),
      ...Object.fromEntries(
        Object.entries(lanes).map(([lane, unit]) => [lane, readLane(dataFolder, unit, Object.values(UNITS))]),
      ),
    }
    for (const [side, held] of Object.entries(sides)) expect.soft(listed(held), side).toEqual(listed(last))
  })
})

function inRandomOrder<Part extends string>(times: Readonly<Record<Part, number>>, random: () => number): Part[] {
  const parts = Object.keys(times) as Part[] // its keys are these
  return parts
    .flatMap((part) => Array.from({ length: times[part] }, () => ({ part, place: random() })))
    .sort((one, other) => one.place - other.place)
    .map(({ part }) => part)
}

const timeOf = (ms: number) => new Date(ms).toISOString().slice(11, 23)
