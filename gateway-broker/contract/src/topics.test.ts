import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOPIC_MAX_BYTES } from './bounds.ts'
import type { CameraId, PresetId, SiteId, UnitId } from './ids.ts'
import {
  buildTopic,
  cloudSubscriptions,
  DESIRED_DOCUMENTS,
  mayPublish,
  mayRetain,
  maySubscribe,
  mosquittoAccessFile,
  type Principal,
  parseTopic,
  type Topic,
  unitSubscriptions,
} from './topics.ts'

// The patterns of ids.ts, drawn at random; the casts are what the patterns earn.
const slug = (max: number) =>
  fc.stringMatching(new RegExp(`^[a-z0-9](?:[a-z0-9-]{0,${max - 2}}[a-z0-9])?$`)).filter((text) => text.length <= max)
const site = slug(40) as fc.Arbitrary<SiteId>
const unit = slug(24) as fc.Arbitrary<UnitId>
const camera = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/) as fc.Arbitrary<CameraId>
const preset = slug(16) as fc.Arbitrary<PresetId>
const topics: fc.Arbitrary<Topic> = fc.oneof(
  fc.record({ what: fc.constant('frame' as const), site, unit, camera, preset }),
  fc.record({ what: fc.constant('desired' as const), site, unit, document: fc.constantFrom(...DESIRED_DOCUMENTS) }),
  fc.record({
    what: fc.constantFrom(
      ...([
        'unchanged',
        'state',
        'telemetry',
        'presence',
        'progress',
        'preview',
        'trial',
        'ledger',
        'have',
        'gate-ask',
        'receipt',
        'command',
        'shared',
        'catalogue',
        'feed',
      ] as const),
    ),
    site,
    unit,
  }),
)

const allos: Principal = { role: 'unit', site: 'col-d-allos' as SiteId, unit: 'vg-0001' as UnitId }
const cloud: Principal = { role: 'cloud' }

describe('the grammar', () => {
  test('parses whatever it builds, within its own bound', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        const text = buildTopic(topic)
        expect(text.length).toBeLessThanOrEqual(TOPIC_MAX_BYTES)
        expect(parseTopic(text)).toEqual({ ok: true, value: topic })
      }),
    )
  })

  test('refuses any text that it would not have built, and never throws', () => {
    const nearly = fc
      .tuple(topics.map(buildTopic), fc.nat(), fc.constantFrom('', '/', '+', '#', '\0', 'É', '//x'))
      .map(([text, at, insert]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + insert + text.slice(place)
      })
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const parsed = parseTopic(text)
        if (parsed.ok) expect(buildTopic(parsed.value)).toBe(text)
      }),
    )
  })

  test.each([
    ['another version', 'vigie/2/col-d-allos/vg-0001/state', 'version-unknown'],
    ['another root', 'other/1/col-d-allos/vg-0001/state', 'topic-unknown'],
    ['a wildcard', 'vigie/1/+/vg-0001/state', 'topic-unknown'],
    ['upper case', 'vigie/1/Col-d-Allos/vg-0001/state', 'topic-unknown'],
    ['a frame without preset', 'vigie/1/col-d-allos/vg-0001/frame/cam1', 'topic-unknown'],
    ['a part too many', 'vigie/1/col-d-allos/vg-0001/state/x', 'topic-unknown'],
    ['an inherited name', 'vigie/1/col-d-allos/vg-0001/constructor', 'topic-unknown'],
  ])('refuses %s', (_, text, reason) => {
    expect(parseTopic(text)).toMatchObject({ ok: false, reason })
  })
})

describe('the rules', () => {
  test('a unit publishes what it says on its own topics and nothing else', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        const own = { ...topic, site: allos.site, unit: allos.unit }
        const says = !['receipt', 'command', 'desired', 'shared', 'catalogue', 'feed'].includes(topic.what)
        expect(mayPublish(allos, buildTopic(own))).toBe(says)
        expect(mayPublish(cloud, buildTopic(own))).toBe(!says)
        if (topic.unit !== allos.unit || topic.site !== allos.site) {
          expect(mayPublish(allos, buildTopic(topic))).toBe(false)
          expect(maySubscribe(allos, buildTopic(topic))).toBe(false)
        }
      }),
    )
  })

  test('a unit hears its own receipts, not those of others, whatever wildcard it tries', () => {
    for (const filter of unitSubscriptions(allos)) expect(maySubscribe(allos, filter)).toBe(true)
    const greedy = ['#', '+/#', 'vigie/#', 'vigie/1/#', 'vigie/1/+/vg-0001/receipt', 'vigie/1/col-d-allos/vg-0001/#']
    const foreign = [
      'vigie/1/col-d-allos/vg-0001/frame/cam1/amont',
      '$SYS/#',
      '$share/g/vigie/1/col-d-allos/vg-0001/receipt',
    ]
    for (const filter of [...greedy, ...foreign]) expect(maySubscribe(allos, filter)).toBe(false)
  })

  test('the cloud hears every unit, and does not hear itself', () => {
    for (const filter of cloudSubscriptions()) expect(maySubscribe(cloud, filter)).toBe(true)
    expect(maySubscribe(cloud, 'vigie/1/col-d-allos/vg-0001/state')).toBe(true)
    expect(maySubscribe(cloud, 'vigie/1/+/+/receipt')).toBe(false)
    expect(maySubscribe(cloud, '#')).toBe(false)
    expect(maySubscribe(cloud, 'vigie/1/col-d-allos/vg-0001/trial')).toBe(false)
    expect(maySubscribe(cloud, 'vigie/1/musee-salagon/vg-0101/have')).toBe(false)
  })

  test('only presence, desired documents and the catalogue of a gate may be retained', () => {
    expect(mayRetain('vigie/1/col-d-allos/vg-0001/presence')).toBe(true)
    expect(mayRetain('vigie/1/col-d-allos/vg-0001/desired/masks')).toBe(true)
    expect(mayRetain('vigie/1/col-d-allos/vg-0001/frame/cam1/amont')).toBe(false)
    expect(mayRetain('vigie/1/col-d-allos/vg-0001/receipt')).toBe(false)
    expect(mayRetain('vigie/1/musee-salagon/vg-0101/catalogue')).toBe(true)
    expect(mayRetain('vigie/1/musee-salagon/vg-0101/feed')).toBe(false)
    expect(mayRetain('vigie/1/musee-salagon/vg-0101/shared')).toBe(false)
  })

  test('the access file for Mosquitto says the same', () => {
    expect(mosquittoAccessFile().split('\n')).toEqual([
      'pattern write vigie/1/+/%u/frame/+/+',
      'pattern write vigie/1/+/%u/unchanged',
      'pattern write vigie/1/+/%u/state',
      'pattern write vigie/1/+/%u/telemetry',
      'pattern write vigie/1/+/%u/presence',
      'pattern write vigie/1/+/%u/progress',
      'pattern write vigie/1/+/%u/preview',
      'pattern write vigie/1/+/%u/trial',
      'pattern write vigie/1/+/%u/ledger',
      'pattern write vigie/1/+/%u/have',
      'pattern write vigie/1/+/%u/given',
      'pattern write vigie/1/+/%u/gate-ask',
      'pattern read vigie/1/+/%u/receipt',
      'pattern read vigie/1/+/%u/command',
      'pattern read vigie/1/+/%u/desired/+',
      'pattern read vigie/1/+/%u/shared',
      'pattern read vigie/1/+/%u/wanted',
      'pattern read vigie/1/+/%u/catalogue',
      'pattern read vigie/1/+/%u/feed',
      'user cloud',
      'topic read vigie/1/+/+/frame/+/+',
      'topic read vigie/1/+/+/unchanged',
      'topic read vigie/1/+/+/state',
      'topic read vigie/1/+/+/telemetry',
      'topic read vigie/1/+/+/presence',
      'topic read vigie/1/+/+/progress',
      'topic read vigie/1/+/+/preview',
      'topic read vigie/1/+/+/ledger',
      'topic read vigie/1/+/+/gate-ask',
      'topic write vigie/1/+/+/receipt',
      'topic write vigie/1/+/+/command',
      'topic write vigie/1/+/+/desired/+',
      'topic write vigie/1/+/+/shared',
      'topic write vigie/1/+/+/wanted',
      'topic write vigie/1/+/+/catalogue',
      'topic write vigie/1/+/+/feed',
      '',
    ])
  })
})
