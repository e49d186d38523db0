import { type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createJudge } from '@vigie/cloud-api/intake/judge'
import { readAuthorities } from '@vigie/cloud-api/presence/unit-certificate'
import { DEAD_LETTER_EXCERPT_MAX_BYTES } from '@vigie/contract/bounds'
import { parseTopic } from '@vigie/contract/topics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Said, trialPicture } from '../fixtures/trial-fleet.ts'
import { openTrialIntake, type TrialIntake } from '../fixtures/trial-intake.ts'
import { until } from '../fixtures/until.ts'
import { between, fuzz, pick, randomBytes } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { mutateJson } from './mutate-json.ts'

let trial: TrialIntake
beforeAll(async () => {
  trial = await openTrialIntake({ sites: 2 })
  await trial.say(trial.unit.birth(1))
})
afterAll(() => trial.close())

test('whatever units say, the cloud has a verdict with a reason, stores what is sound and goes on', async () => {
  const { unit, store, intake } = trial
  const judge = createJudge({
    store,
    authorities: () => readAuthorities(readFileSync(trial.caFile, 'utf8')),
    isTimeCertain: () => true,
    onGateAsk: () => {},
  })
  const sound = await trial.unit.frame({ picture: await trialPicture(1) })
  const makers: readonly (() => Said | Promise<Said>)[] = [
    () => unit.frame(),
    () => unit.state(),
    () => unit.telemetry(),
    () => unit.unchanged({ id: sound.id }),
    () => unit.birth(2),
    () => unit.farewell(1),
  ]
  await trial.say(sound)
  const verdicts = new Map<string, number>()
  await fuzz(async (random) => {
    const said = await pick(random, makers)()
    const payload = hostilePayload(said, random, unit.key)
    const topic = random() < 0.2 ? hostileTopic(said.topic, random) : said.topic
    const [judged] = await judge.judgeAll([{ topic, payload, receivedAt: Date.now() }])
    const verdict = judged?.verdict
    const word = verdict?.what === 'refused' ? verdict.letter.reason : verdict?.what
    verdicts.set(word ?? 'none', (verdicts.get(word ?? 'none') ?? 0) + 1)
    expect(verdict).toBeDefined()
    if (verdict?.what === 'refused') {
      expect(verdict.letter.reason).toMatch(/^[a-z][a-z-]+$/)
      expect(verdict.letter.excerpt.byteLength).toBeLessThanOrEqual(DEAD_LETTER_EXCERPT_MAX_BYTES)
      expect(Buffer.from(verdict.letter.excerpt).includes(JPEG_START)).toBe(false)
    }
    // Topics that no client library would send are for the broker's own fuzz.
    const parsed = parseTopic(topic)
    if (parsed.ok && parsed.value.what !== 'receipt') await trial.say({ topic, payload })
  })
  console.log(Object.fromEntries([...verdicts].sort()))
  expect(verdicts.size).toBeGreaterThan(10)

  await until(() => intake.condition().waiting.items === 0)
  expect(intake.condition().failing).toEqual([])
  const after = await unit.frame()
  await trial.say(after, sound)
  expect((await trial.receiptOf(after)).outcome).toBe('stored')
  expect((await trial.receiptOf(sound)).outcome).toBe('stored')
  // What was stored on the way is a frame like any other: it can be read, and it is of that unit.
  const latest = await store.frames.latestFrames()
  expect(latest.every(({ unit: of }) => of === unit.unit)).toBe(true)
  expect('isPolluted' in {}).toBe(false)
})

const JPEG_START = Buffer.from([0xff, 0xd8, 0xff])

function hostilePayload(said: Said, random: () => number, key: KeyObject): Buffer {
  const way = random()
  if (way < 0.05) return randomBytes(random, between(random, 0, 2_000))
  if (way < 0.25) return mutateBytes(said.payload, random)
  const bytes = Buffer.from(said.payload)
  const change = way < 0.5 ? mutateJson : withLies
  if (said.topic.includes('/frame/')) return sealedAgain(bytes, change, random, key)
  return Buffer.from(change(bytes.toString(), random))
}

/** What has the right shape and is not true, or is at the end of what may be said. */
const LIES: Readonly<Record<string, readonly unknown[]>> = {
  at: ['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '2026-02-31T00:00:00.000Z'],
  seq: [0, Number.MAX_SAFE_INTEGER],
  mono: [0, Number.MAX_SAFE_INTEGER],
  clock: ['unknown', 'estimated'],
  unit: ['vg-0002', 'vg-9999'],
  site: ['essai-2', 'ailleurs'],
  camera: ['cam9'],
  preset: ['aval', 'ailleurs'],
  frame: ['01K00000000000000000000000'],
  intervalS: [1, 3600],
  session: [1, Number.MAX_SAFE_INTEGER],
  certificate: ['-', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', '\0', '\ud800'.repeat(5_000)],
  software: ['\0', '\ud800', '<script>'],
  boot: ['7ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
  widthPx: [1, 4096],
  sha256: ['0'.repeat(64)],
  maskVersion: [1, 4, 1e300],
  key: ['0'.repeat(64)],
  cameras: [[]],
  temperatureC: [null, -60, 150, 1e-300],
  memoryBytes: [0, Number.MAX_SAFE_INTEGER],
  clockOffsetMs: [null, Number.MIN_SAFE_INTEGER],
}

function withLies(text: string, random: () => number): string {
  const message: Record<string, unknown> = JSON.parse(text)
  const possible = Object.keys(message).filter((name) => name in LIES)
  for (let count = between(random, 1, 2); count > 0; count -= 1) {
    const name = pick(random, possible)
    message[name] = pick(random, LIES[name] ?? [])
  }
  return JSON.stringify(message)
}

/** A frame whose header was made hostile before its unit signed it: a unit gone mad, not a stranger. */
function sealedAgain(frame: Buffer, change: typeof mutateJson, random: () => number, key: KeyObject): Buffer {
  const headerEnd = 8 + frame.readUInt32BE(4)
  const header = Buffer.from(change(frame.toString('utf8', 8, headerEnd), random))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.byteLength)
  const signature = sign('sha256', header, { key, dsaEncoding: 'ieee-p1363' })
  return Buffer.concat([frame.subarray(0, 4), length, header, signature, frame.subarray(headerEnd + signature.length)])
}

function hostileTopic(topic: string, random: () => number): string {
  const levels = topic.split('/')
  const at = between(random, 0, levels.length - 1)
  const wrong = pick(random, [
    '',
    '+',
    '#',
    '..',
    'vg-0002',
    'essai-2',
    'state',
    'presence',
    'receipt',
    '__proto__',
    '\0',
  ])
  return random() < 0.3 ? mutateBytes(Buffer.from(topic), random).toString() : levels.with(at, wrong).join('/')
}
