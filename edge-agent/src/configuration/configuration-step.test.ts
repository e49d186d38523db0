import type { DesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { DESIRED_DOCUMENTS, type DesiredDocument } from '@vigie/contract/topics'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterRestart,
  type ConfigurationEffect,
  type ConfigurationEvent,
  type ConfigurationState,
  isPair,
  type Pair,
  type Result,
  stepConfiguration,
} from './configuration-step.ts'

const fresh: ConfigurationState = {
  running: { version: 0, attempt: 0, digests: null },
  seen: null,
  refused: null,
  turnedAway: null,
  phase: { name: 'settled' },
}

const digest = (document: string, content: number) => `${document}:${content}`
/** Only the schedule of a set differs with its content. */
function setOf(version: number, attempt = 1, content = version): DesiredSet {
  const documents = DESIRED_DOCUMENTS.map((name) => [name, digest(name, name === 'schedule' ? content : 0)])
  return {
    ...{ v: 1, kind: 'desired-set', site: 'seyne' as SiteId, unit: 'vg-0001' as UnitId, version, attempt }, // of the contract's patterns
    at: '2026-11-25T10:00:00.000Z',
    documents: Object.fromEntries(documents) as DesiredSet['documents'], // one of each
  }
}

/** Goes through events; what was done, in order. */
function go(state: ConfigurationState, ...events: ConfigurationEvent[]) {
  const effects: ConfigurationEffect[] = []
  let now = state
  for (const event of events) {
    const step = stepConfiguration(now, event)
    now = step.state
    effects.push(...step.effects)
  }
  return { state: now, did: effects.map((effect) => effect.do), effects }
}

const came = (set: DesiredSet): ConfigurationEvent => ({ name: 'set-came', set })
const documentsOf = (set: DesiredSet) =>
  DESIRED_DOCUMENTS.map(
    (document): ConfigurationEvent => ({
      name: 'document-came',
      document,
      digest: set.documents[document],
    }),
  )
const ok = { ok: true } as Result
const judged = (of: Pair, isSame = false): ConfigurationEvent => ({ name: 'judged', of, result: ok, isSame })
const answered = (of: Pair, result = ok): ConfigurationEvent => ({ name: 'cameras-answered', of, result })
const held = (of: Pair, result = ok): ConfigurationEvent => ({ name: 'uplink-held', of, result })
const kept = (of: Pair, result = ok): ConfigurationEvent => ({ name: 'kept', of, result })
const wholeTrial = (set: DesiredSet) => [
  ...[came(set), ...documentsOf(set), judged(set), answered(set), held(set), kept(set)],
]

describe('a desired configuration', () => {
  test('is gathered, tried with its cameras, then with the connection, and only then the last good one', () => {
    const set = setOf(1)
    const { state, did } = go(fresh, ...wholeTrial(set))
    expect(did).toEqual([
      ...['remember', 'ask', 'judge', 'remember', 'tell', 'try-cameras', 'switch', 'hold-uplink', 'confirm'],
      ...['remember', 'tell'],
    ])
    expect(state).toMatchObject({ running: { version: 1, attempt: 1 }, refused: null, phase: { name: 'settled' } })
  })

  test('asks only for the documents that do not run already', () => {
    const { state } = go(fresh, ...wholeTrial(setOf(1)))
    const { effects } = go(state, came(setOf(2)))
    expect(effects).toContainEqual({ do: 'ask', documents: ['schedule'] })
  })

  test('is confirmed without a trial when it says what runs already', () => {
    const set = setOf(1)
    const { did } = go(fresh, came(set), ...documentsOf(set), judged(set, true), kept(set))
    expect(did).not.toContain('try-cameras')
    expect(did).not.toContain('switch')
  })

  test('goes back when the connection does not hold, and says why', () => {
    const set = setOf(1)
    const lost: Result = { ok: false, reason: 'uplink-not-held' }
    const { state, did } = go(fresh, came(set), ...documentsOf(set), judged(set), answered(set), held(set, lost))
    expect(did.slice(-3)).toEqual(['go-back', 'remember', 'tell'])
    expect(state).toMatchObject({ running: { version: 0 }, refused: { version: 1, reason: 'uplink-not-held' } })
  })

  test('never runs when a camera does not answer: the cameras are asked before anything is replaced', () => {
    const set = setOf(1)
    const dead: Result = { ok: false, reason: 'camera-unreachable', about: 'cam1' }
    const { state, did } = go(fresh, came(set), ...documentsOf(set), judged(set), answered(set, dead))
    expect(did).not.toContain('switch')
    expect(state.refused).toEqual({ version: 1, attempt: 1, reason: 'camera-unreachable', about: 'cam1' })
  })

  test('is not tried again when it comes again, and is when somebody asks', () => {
    const set = setOf(1)
    const dead: Result = { ok: false, reason: 'camera-unreachable', about: 'cam1' }
    const { state } = go(fresh, came(set), ...documentsOf(set), judged(set), answered(set, dead))
    expect(go(state, came(set), ...documentsOf(set)).did).toEqual([])
    const again = setOf(1, 2)
    expect(go(state, came(again), ...documentsOf(again), judged(again)).did).toContain('try-cameras')
  })

  test('that is lower than one that was seen is turned away, and so is the same pair with other content', () => {
    const { state } = go(fresh, ...wholeTrial(setOf(5)))
    for (const old of [setOf(4), setOf(5, 1, 99)]) {
      const after = go(state, came(old), ...documentsOf(old), judged(old), answered(old), held(old), kept(old))
      expect(after.did).toEqual(['remember', 'tell'])
      expect(after.state.running).toEqual(state.running)
      expect(after.state).toMatchObject({ refused: null, turnedAway: { reason: 'configuration-older' } })
    }
  })

  test('that was turned away is told once, however often it comes, and no more when a later one is confirmed', () => {
    const stranger: ConfigurationEvent = {
      name: 'set-turned-away',
      turnedAway: { reason: 'configuration-untrusted', about: 'signed by a stranger' },
    }
    const { state, did } = go(fresh, stranger, stranger, stranger)
    expect(did).toEqual(['remember', 'tell'])
    expect(go(state, came(setOf(1))).state.turnedAway).toMatchObject({ reason: 'configuration-untrusted' })
    expect(go(state, ...wholeTrial(setOf(1))).state.turnedAway).toBeNull()
  })

  test('that is turned away ends no trial, and hides no refusal', () => {
    const set = setOf(1)
    const dead: Result = { ok: false, reason: 'camera-unreachable', about: 'cam1' }
    const trying = go(fresh, came(set), ...documentsOf(set), judged(set))
    const stranger: ConfigurationEvent = { name: 'set-turned-away', turnedAway: { reason: 'configuration-elsewhere' } }
    const { state } = go(trying.state, stranger, answered(set, dead))
    expect(state).toMatchObject({
      refused: { reason: 'camera-unreachable' },
      turnedAway: { reason: 'configuration-elsewhere' },
    })
  })

  test('that is newer ends the trial of the one before, and its late results change nothing', () => {
    const [one, two] = [setOf(1), setOf(2)]
    const first = go(fresh, came(one), ...documentsOf(one), judged(one), answered(one), came(two))
    expect(first.did.slice(-4)).toEqual(['stop-trial', 'go-back', 'remember', 'ask'])
    expect(go(first.state, held(one), kept(one)).did).toEqual([])
  })

  test('that comes while another is written waits for its end', () => {
    const [one, two] = [setOf(1), setOf(2)]
    const { state, did } = go(fresh, ...wholeTrial(one).slice(0, -1), came(two), kept(one))
    expect(did.slice(-4)).toEqual(['remember', 'remember', 'tell', 'ask'])
    expect(state).toMatchObject({ running: { version: 1 }, phase: { name: 'gathering', missing: ['schedule'] } })
  })
})

describe('after a restart', () => {
  const running = { version: 3, attempt: 1, digests: setOf(3).documents }
  const seen = { version: 4, attempt: 1, digests: setOf(4).documents }

  test('a trial that it ended counts as one', () => {
    const state = afterRestart({ running, seen, refused: null, turnedAway: null }, { version: 4, attempt: 1 })
    expect(state.refused).toEqual({ version: 4, attempt: 1, reason: 'configuration-interrupted' })
    expect(go(state, came(setOf(4))).did).toEqual([])
  })

  test('a trial that was confirmed in the last moment is none any more', () => {
    const state = afterRestart(
      { running, seen: { ...running }, refused: null, turnedAway: null },
      { version: 3, attempt: 1 },
    )
    expect(state.refused).toBeNull()
  })

  test('what was gathered and not tried yet is gathered anew', () => {
    const state = afterRestart({ running, seen, refused: null, turnedAway: null }, null)
    expect(go(state, came(setOf(4))).did).toContain('ask')
  })
})

test('in whatever order things happen: one plan runs and it is known which, versions never fall, and no set is tried twice', () => {
  const version = fc.integer({ min: 1, max: 4 })
  const attempt = fc.integer({ min: 1, max: 2 })
  const result: fc.Arbitrary<Result> = fc.constantFrom<Result>(ok, ok, { ok: false, reason: 'camera-unreachable' })
  const pair = fc.record({ version, attempt })
  const event: fc.Arbitrary<ConfigurationEvent | 'restart'> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({ version, attempt, content: version })
        .map((one) => came(setOf(one.version, one.attempt, one.content))),
    },
    {
      weight: 6,
      arbitrary: fc
        .record({
          document: fc.constantFrom<DesiredDocument>('schedule', 'site', 'masks', 'camera', 'lane', 'budget'),
          content: version,
        })
        .map(
          ({ document, content }): ConfigurationEvent => ({
            name: 'document-came',
            document,
            digest: digest(document, document === 'schedule' ? content : 0),
          }),
        ),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({ of: pair, result, isSame: fc.boolean() })
        .map((of): ConfigurationEvent => ({ name: 'judged', ...of })),
    },
    {
      weight: 3,
      arbitrary: fc.record({ of: pair, result }).map((of): ConfigurationEvent => ({ name: 'cameras-answered', ...of })),
    },
    {
      weight: 3,
      arbitrary: fc.record({ of: pair, result }).map((of): ConfigurationEvent => ({ name: 'uplink-held', ...of })),
    },
    {
      weight: 3,
      arbitrary: fc.record({ of: pair, result }).map((of): ConfigurationEvent => ({ name: 'kept', ...of })),
    },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  )
  /** Half of the events are the ones that are waited for: else almost nothing would ever be tried. */
  const turn = fc.record({ event, isWaitedFor: fc.boolean(), result })

  fc.assert(
    fc.property(fc.array(turn, { maxLength: 80 }), (turns) => {
      let state = fresh
      /** What a disk and the cameras would hold. */
      const box = { confirmed: fresh.running as Pair, installed: fresh.running as Pair, trial: null as Pair | null }
      const tried: Pair[] = []
      for (const one of turns) {
        const wanted = one.isWaitedFor ? waitedFor(state, one.result) : null
        const happens = wanted ?? one.event
        if (happens === 'restart') {
          const { running, seen, refused, turnedAway } = state
          state = afterRestart({ running, seen, refused, turnedAway }, box.trial)
          box.installed = state.running
          expect(isPair(state.running, box.confirmed)).toBe(true)
          continue
        }
        const before = state
        // The disk is written, or not, before the event that says so.
        if (happens.name === 'kept') {
          const { phase } = before
          if (phase.name !== 'confirming' || !isPair(phase.set, happens.of)) continue
          if (happens.result.ok) box.confirmed = phase.set
        }
        const { state: after, effects } = stepConfiguration(before, happens)
        state = after
        for (const effect of effects) {
          if (effect.do === 'switch') box.installed = effect.set
          if (effect.do === 'go-back') box.installed = after.running
          if (effect.do === 'remember') {
            const { phase } = after
            box.trial = phase.name.startsWith('trying') && 'set' in phase ? phase.set : null
          }
          if (effect.do === 'try-cameras') {
            expect(tried.some((old) => isPair(old, effect.set))).toBe(false)
            tried.push(effect.set)
          }
        }
        if (after.phase.name === 'settled' && happens.name === 'kept' && happens.result.ok)
          box.installed = after.running
        expect(after.running.version).toBeGreaterThanOrEqual(before.running.version)
        expect(isPair(after.running, box.confirmed)).toBe(true)
        const { phase } = after
        const isOther = phase.name === 'trying-uplink' || (phase.name === 'confirming' && phase.isSwitched)
        expect(isPair(box.installed, isOther ? phase.set : after.running)).toBe(true)
      }
    }),
    { numRuns: 2_000, verbose: 1 },
  )
})

/** The event that a phase waits for; null: for a set, and any may come. */
function waitedFor({ phase }: ConfigurationState, result: Result): ConfigurationEvent | null {
  switch (phase.name) {
    case 'gathering': {
      const [document] = phase.missing
      return document ? { name: 'document-came', document, digest: phase.set.documents[document] } : null
    }
    case 'judging':
      return { name: 'judged', of: phase.set, result, isSame: false }
    case 'trying-cameras':
      return { name: 'cameras-answered', of: phase.set, result }
    case 'trying-uplink':
      return { name: 'uplink-held', of: phase.set, result }
    case 'confirming':
      return { name: 'kept', of: phase.set, result }
    case 'settled':
      return null
  }
}
