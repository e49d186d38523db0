import type { BootId, ItemId, MachineBootId, SiteId, UnitId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import { NOON, siteDocument } from '../http/trial-cloud.fixture.ts'
import type { CommissioningCheck } from '../store/commissionings.ts'
import type { StoredFrame } from '../store/frames.ts'
import type { UnitPresence } from '../store/presence.ts'
import type { AskedCommand, Facts } from './check.ts'
import { CHECKS, checkNamed } from './check-table.ts'
import { LIMITS } from './limits.ts'
import { begunCheck, stepCheck } from './step-check.ts'

const SECOND_MS = 1_000
const presence: UnitPresence = {
  unit: 'vg-0001' as UnitId,
  site: 'col-d-allos' as SiteId,
  condition: 'online',
  session: 7,
  since: NOON,
  confirmedAt: NOON,
  heardAt: NOON,
  boot: 'before' as BootId,
  machineBoot: 'machine-before' as MachineBootId,
  software: '0.1.0',
  reason: null,
}
const frame = (seq: number, change: Partial<StoredFrame> = {}) =>
  ({
    id: `frame-${seq}` as ItemId,
    camera: 'cam1',
    preset: 'amont',
    boot: 'before',
    seq,
    capturedAt: NOON,
    seenAt: null,
    ...change,
  }) as StoredFrame // what the checks look at
const facts = (change: Partial<Facts> = {}): Facts => ({
  now: NOON,
  commissioning: { id: 'one', site: 'col-d-allos', kind: 'new' } as Facts['commissioning'], // the same
  site: siteDocument(),
  presence,
  keys: [],
  replaced: [],
  configuration: null,
  latest: [],
  recent: [],
  cameras: [],
  readings: [],
  webcams: [],
  entered: { masks: null, site: null },
  photos: [],
  commands: new Map(),
  ...change,
})

/** Begins a check and looks at it with one set of facts after the other. */
function follow(name: string, begin: Facts, looks: readonly Partial<Facts>[]): CommissioningCheck[] {
  const check = checkNamed(name)
  if (check === undefined) throw new Error(name)
  const rows: CommissioningCheck[] = []
  let row = begunCheck(check, begin)
  for (const look of looks) {
    if (row.state === 'running') row = stepCheck(row, check, { ...begin, ...look })
    rows.push(row)
  }
  return rows
}
const ended = (name: string, begin: Facts, ...looks: Partial<Facts>[]) => follow(name, begin, looks).at(-1)
const command = (step: AskedCommand['step'], result: unknown = null, reason: string | null = null) =>
  ({ step, result, reason, at: NOON }) as const

describe('the table of checks', () => {
  test('has some 25, each with a name of its own, French words, and advice for when it fails', () => {
    expect(CHECKS.length).toBeGreaterThanOrEqual(25)
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length)
    for (const { name, title, how, advice, withinS } of CHECKS) {
      expect(name).toMatch(/^[a-z][a-z-]{1,38}$/)
      for (const words of [title, how, advice]) expect(words.length, name).toBeGreaterThan(10)
      expect(withinS).toBeLessThanOrEqual(3_600)
    }
  })

  test('passes nothing on a site of which nothing is known', () => {
    const nothing = facts({ presence: null, site: siteDocument() })
    for (const { name, asks } of CHECKS) {
      const state = ended(name, nothing, {})?.state
      expect(['running', 'waiting', 'failed', 'not-applicable'], `${name}: ${state}`).toContain(state)
      if (asks !== undefined) expect(state, name).toBe('waiting')
    }
  })

  test('has a source for each limit', () => {
    for (const { value, words, source } of Object.values(LIMITS)) {
      expect(value).toBeGreaterThan(0)
      expect([words.length, source.length].every((length) => length > 5)).toBe(true)
    }
  })
})

describe('while a box takes its settings', () => {
  const report = { unit: 'vg-0001', version: 2, since: NOON, trying: null, refused: null }
  const taking = (change: object) =>
    ({ configuration: { desired: 3, reported: { ...report, ...change } } }) as Pick<Facts, 'configuration'> // what is looked at
  const refused = { commands: new Map([['cam1', command('refused', null, 'camera-unknown')]]) }

  test('nothing has failed yet; what fails when it has them, or has refused them, has failed', () => {
    const state = (change: object) =>
      ended('camera-clock', facts(), {
        commands: new Map([['cam1', command('refused', null, 'camera-unreachable')]]),
        ...taking(change),
      })?.state
    expect([state({}), state({ trying: 3 })]).toEqual(['running', 'running'])
    expect([state({ version: 3 }), state({ refused: { version: 3 } })]).toEqual(['failed', 'failed'])
  })

  test('a camera that it did not know by those of before is asked about again; one that it does not know by these has failed', () => {
    const state = (ran: number, since = NOON) =>
      ended(
        'camera-clock',
        { ...facts(), ...taking({ version: ran }) },
        { ...refused, ...taking({ version: 3, since }) },
      )?.state
    expect([state(2), state(3)]).toEqual(['running', 'failed'])
    // By a clock that is at 1970 or years ahead, too.
    for (const since of [0, NOON + 4 * 365 * 86_400_000])
      expect([state(2, since), state(3, since)]).toEqual(['running', 'failed'])
  })
})

describe('from the capture to the page', () => {
  const done = { commands: new Map([['cam1', command('done')]]) }
  const pictured = (change: Partial<StoredFrame>) => ({
    ...done,
    latest: [frame(1, { thumbnails: 'made', receivedAt: NOON + 4 * SECOND_MS, ...change })],
  })

  test('is measured on a picture that is asked for at once, not on one that a drill holds back', () => {
    const named = checkNamed('capture-to-page')
    expect(named?.asks?.(facts())).toMatchObject([{ body: { name: 'frame-now', camera: 'cam1' } }])
    expect(ended('capture-to-page', facts(), { commands: new Map([['cam1', command('queued')]]) })?.state).toBe(
      'running',
    )
    expect(ended('capture-to-page', facts(), pictured({}))).toMatchObject({ state: 'passed', measured: '4 s' })
    expect(ended('capture-to-page', facts(), pictured({ receivedAt: NOON + 40 * SECOND_MS }))?.state).toBe('failed')
    expect(ended('capture-to-page', facts(), pictured({ thumbnails: 'missing' }))?.state).toBe('running')
    const refused = { commands: new Map([['cam1', command('refused', null, 'mask-missing')]]) }
    expect(ended('capture-to-page', facts(), refused)?.state).toBe('running')
    expect(ended('capture-to-page', facts(), { ...pictured({}), ...refused })?.state).toBe('passed')
  })

  test('of a view in which nothing has changed is that of the picture that stands', () => {
    const before = { capturedAt: NOON - 60 * SECOND_MS, seenAt: NOON + SECOND_MS }
    expect(ended('capture-to-page', facts(), pictured({ ...before, receivedAt: NOON - 57 * SECOND_MS }))).toMatchObject(
      {
        state: 'passed',
        measured: '3 s',
      },
    )
    // Held back by an outage, it says nothing of the line as it is.
    expect(ended('capture-to-page', facts(), pictured({ ...before, receivedAt: NOON }))?.state).toBe('running')
  })
})

describe('the power-cut drill', () => {
  const lost = { ...presence, condition: 'offline', reason: 'lost', since: NOON + 40 * SECOND_MS } as const
  const back = { ...presence, session: 8, boot: 'after' as BootId, machineBoot: 'machine-after' as MachineBootId }
  const after = { now: NOON + 90 * SECOND_MS, presence: back }
  const looking = { latest: [frame(0, { boot: 'after' as BootId, capturedAt: NOON + 88 * SECOND_MS })] }

  test('passes when the unit was lost, came back with another boot, looks again, and nothing of before is missing', () => {
    const rows = follow('power-cut', facts(), [
      {},
      { presence: lost, now: NOON + 41 * SECOND_MS },
      after,
      { ...after, ...looking, recent: [frame(3), frame(4), frame(5)] },
    ])
    expect(rows.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'passed'])
    expect(rows[1]?.reason).toContain('Rebranchez')
    expect(rows.at(-1)?.measured).toContain("3 images d'avant, 0 manquantes")
  })

  test('waits for a picture of after the cut, though one was taken just before it', () => {
    const before = frame(5, { capturedAt: NOON + 35 * SECOND_MS, seenAt: NOON + 38 * SECOND_MS })
    const look = (change: Partial<StoredFrame>) =>
      ended(
        'power-cut',
        facts(),
        { presence: lost },
        { ...after, latest: [{ ...before, ...change }], recent: [frame(5)] },
      )
    expect(look({})).toMatchObject({ state: 'running', reason: expect.stringContaining('première image') })
    expect(look({ seenAt: NOON + 85 * SECOND_MS })?.state).toBe('passed')
  })

  test('fails when a picture of before is missing', () => {
    const row = ended('power-cut', facts(), { presence: lost }, { ...after, ...looking, recent: [frame(3), frame(5)] })
    expect(row).toMatchObject({ state: 'failed', measured: expect.stringContaining('1 manquantes') })
  })

  test('is not passed by a clean stop, nor by a new connection of the same boot', () => {
    const stopped = { ...presence, condition: 'offline', reason: 'stopped' } as const
    expect(ended('power-cut', facts(), { presence: stopped })?.state).toBe('failed')
    expect(ended('power-cut', facts(), { presence: { ...presence, session: 9 }, ...looking })?.state).toBe('running')
  })

  test('is not passed by an agent that was restarted on a machine that went on', () => {
    const row = ended(
      'power-cut',
      facts(),
      { presence: lost },
      { ...after, presence: { ...back, machineBoot: presence.machineBoot }, ...looking },
    )
    expect(row).toMatchObject({ state: 'failed', reason: "Le boîtier n'a pas été coupé, seul l'agent a redémarré." })
  })

  test('goes by the agent alone where a unit says nothing of its machine', () => {
    const silent = { machineBoot: null }
    const row = ended(
      'power-cut',
      facts({ presence: { ...presence, ...silent } }),
      { presence: { ...lost, ...silent } },
      { ...after, presence: { ...back, ...silent }, ...looking },
    )
    expect(row?.state).toBe('passed')
  })

  test('fails by itself when nobody pulls the plug', () => {
    expect(ended('power-cut', facts(), { now: NOON + 1_200 * SECOND_MS })?.state).toBe('failed')
  })
})

describe('the store-and-forward drill', () => {
  const result = {
    of: 'drill',
    shutMs: 90_000,
    madeItems: 5,
    madeFrames: 2,
    ids: ['frame-1', 'frame-2', 'a', 'b', 'c'],
  }
  const done = { commands: new Map([['drill', command('done', result)]]) }

  test('waits for what was made while the uplink was shut, and passes when all of it has come', () => {
    const look = (recent: StoredFrame[], ms: number) => ({ ...done, recent, now: NOON + ms })
    const rows = follow('store-and-forward', facts(), [
      { commands: new Map([['drill', command('accepted')]]) },
      look([frame(1)], 5_000),
      look([frame(1), frame(2)], 10_000),
    ])
    expect(rows.map(({ state }) => state)).toEqual(['running', 'running', 'passed'])
    expect(rows[1]?.reason).toContain('1 images manquent')
  })

  test('fails when some has not come in two minutes, and when the unit refuses', () => {
    expect(ended('store-and-forward', facts(), { ...done, recent: [frame(1)], now: NOON + 130_000 })?.state).toBe(
      'failed',
    )
    const refused = new Map([['drill', command('refused', null, 'drill-under-way')]])
    expect(ended('store-and-forward', facts(), { commands: refused })).toMatchObject({
      state: 'failed',
      reason: 'Le boîtier refuse : un exercice est déjà en cours.',
    })
  })
})

describe('the configuration', () => {
  const reported = (change: object) =>
    ({ ...{ unit: 'vg-0001', version: 4, trying: null, refused: null, since: NOON }, ...change }) as never // what is looked at
  const look = (change: object) =>
    ended('configuration', facts(), { configuration: { desired: 5, reported: reported(change) } })

  test('passes when the unit runs the version that the site should have, and waits while it tries it', () => {
    expect(look({ version: 5 })).toMatchObject({ state: 'passed', measured: expect.stringContaining('version 5') })
    expect(look({ trying: 5 })).toMatchObject({ state: 'running', reason: expect.stringContaining("à l'essai") })
    expect(look({ version: 5, unit: 'vg-0002' })?.state).toBe('running')
  })

  test('fails with the reason when the unit has gone back', () => {
    const refused = {
      version: 5,
      attempt: 1,
      at: '2026-11-22T12:00:00.000Z',
      reason: 'camera-unreachable',
      about: 'cam1',
    }
    expect(look({ refused })).toMatchObject({ state: 'failed', reason: expect.stringContaining('camera-unreachable') })
  })
})

describe('the revocation of the old unit', () => {
  const replacement = facts({
    commissioning: { ...facts().commissioning, kind: 'replacement', replacedUnit: 'vg-0009' as UnitId },
  })

  test('is asked for in a replacement alone, and passes when nothing of it is valid any more', () => {
    expect(ended('old-unit-revoked', facts(), {})?.state).toBe('not-applicable')
    const [gone, valid] = [
      { serial: 'A', endsAt: NOON + 1e9, revokedAt: NOON },
      { serial: 'B', endsAt: NOON + 1e9, revokedAt: null },
    ]
    expect(ended('old-unit-revoked', replacement, { replaced: [gone, valid] })?.state).toBe('running')
    expect(ended('old-unit-revoked', replacement, { replaced: [gone] })?.state).toBe('passed')
    expect(ended('old-unit-revoked', replacement, {})?.state).toBe('running')
  })
})

describe('a probe', () => {
  const link = (sentBytes: number, tookMs: number) => ({
    ...{ of: 'link', roundTripsMs: [80, 120, 2_000], sentBytes, tookMs, signalDbm: -91 },
    wire: { sentBytes: 0, receivedBytes: 0 },
  })
  const asked = (result: unknown) => ({ commands: new Map([['link', command('done', result)]]) })

  test('of a good line passes speed and delay, and one slow answer does not decide', () => {
    expect(ended('uplink-speed', facts(), asked(link(100_000, 1_000)))).toMatchObject({
      state: 'passed',
      measured: '800 kbit/s, signal -91 dBm',
    })
    expect(ended('uplink-delay', facts(), asked(link(1, 1)))).toMatchObject({ state: 'passed' })
  })

  test('of a thin line fails, with what was measured', () => {
    expect(ended('uplink-speed', facts(), asked(link(10_000, 1_000)))).toMatchObject({
      state: 'failed',
      measured: '80 kbit/s, signal -91 dBm',
    })
  })

  test('that another thing answers is not taken for it', () => {
    expect(ended('uplink-speed', facts(), asked({ of: 'disk' }))?.state).toBe('failed')
  })
})

describe('the density of pixels', () => {
  const road = (y: number) => {
    const half = (6 * ((y - 0.3) * 720)) / 6 / 1280 / 2
    return { y, from: 0.5 - half, to: 0.5 + half, metres: 6 }
  }
  const site = siteDocument()
  const masked = (from: number) => ({
    ...site,
    cameras: site.cameras.map((camera) => ({
      ...camera,
      presets: camera.presets.slice(0, 1).map((preset) => ({
        ...preset,
        masks: {
          version: 1,
          approvedOn: '2026-11-25',
          zones: [
            {
              label: 'bas',
              fill: 'solid' as const,
              polygon: [
                [0, from],
                [1, from],
                [1, 1],
                [0, 1],
              ] as [number, number][],
            },
          ],
        },
      })),
    })),
  })
  const measured = { masks: { views: { 'cam1/amont': { measures: [road(0.5), road(0.95)] } } }, site: null }

  test('asks for the width of the road first, then passes under the masks and fails without them', () => {
    expect(ended('faces-not-recognisable', facts({ site: masked(0.8) }), {})?.state).toBe('waiting')
    const under = ended('faces-not-recognisable', facts({ site: masked(0.8), entered: measured }), {})
    expect(under?.state).toBe('passed')
    // A camera 4 m high shows a face at the lower edge with 126 px/m × 4 / (4 - 1.7).
    const low = {
      masks: {
        views: {
          'cam1/amont': {
            measures: [
              { ...road(0.5), metres: 4 },
              { ...road(0.95), metres: 4 },
            ],
          },
        },
      },
      site: null,
    }
    expect(ended('faces-not-recognisable', facts({ site: masked(0.99), entered: low }), {})?.state).toBe('failed')
  })
})
