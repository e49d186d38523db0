import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import type { ItemId, SiteId } from '@vigie/contract/ids'
import type { RevocationReason } from '@vigie/contract/office'
import { newUlid, type Said, trialPicture } from '@vigie/tests/fixtures/trial-fleet'
import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let trial: TrialIntake
const open = async (options?: Parameters<typeof openTrialIntake>[0]) => {
  trial = await openTrialIntake(options)
}
afterEach(() => trial.close())

const HOUR_MS = 3_600_000
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const letters = () => trial.store.deadLetters.newest(100)

describe('a unit whose certificate was revoked', () => {
  beforeEach(() => open())

  /** What the cloud took in from the authority. */
  async function revoke(reason: RevocationReason): Promise<void> {
    const { site: document, unit, keyId: key, birth } = trial.unit
    const site = document.id as SiteId // the document's schema has the same pattern
    const said = JSON.parse(Buffer.from(birth(1).payload).toString()) as { certificate: string } // a birth of our own
    const { serialNumber: serial, validTo } = new X509Certificate(said.certificate)
    const times = { issuedAt: 1, startsAt: 1, endsAt: Date.parse(validTo), revokedAt: Date.now() }
    const certificates = [{ serial, unit, site, key, ...times, reason }]
    await trial.store.unitCertificates.take({ from: 0, upTo: 1, entries: [], certificates })
  }

  test('is not taken for present, and teaches no key', async () => {
    await revoke('replaced')
    await trial.say(trial.unit.birth(1))
    await until(async () => (await letters()).length === 1)
    expect(await letters()).toMatchObject([{ reason: 'certificate-revoked' }])
    expect(await trial.store.presence.of(trial.unit.unit)).toBeUndefined()
    expect(await trial.store.unitKeys.keyOf(trial.unit.unit, trial.unit.keyId)).toBeUndefined()
  })

  test.each(['stolen', 'lost', 'compromised'] as const)(
    'since it was %s signs no frame that is stored',
    async (reason) => {
      await trial.say(trial.unit.birth(1))
      await until(async () => (await trial.store.presence.of(trial.unit.unit)) !== undefined)
      await revoke(reason)
      const frame = await trial.unit.frame()
      await trial.say(frame)
      expect(await trial.receiptOf(frame)).toMatchObject({ outcome: 'refused', reason: 'certificate-revoked' })
    },
  )

  test.each(['replaced', 'superseded', 'retired'] as const)(
    'since it was %s leaves what it signed before',
    async (reason) => {
      await trial.say(trial.unit.birth(1))
      await until(async () => (await trial.store.presence.of(trial.unit.unit)) !== undefined)
      await revoke(reason)
      const frame = await trial.unit.frame()
      await trial.say(frame)
      expect(await trial.receiptOf(frame)).toMatchObject({ outcome: 'stored' })
    },
  )
})

describe('a frame that will never be stored', () => {
  beforeEach(async () => {
    await open({ sites: 2 })
    await trial.say(trial.unit.birth(1))
  })

  /** Says it and tells its receipt and its dead letter; no picture byte may be in that. */
  async function refusalOf(said: Said) {
    await trial.say(said)
    const receipt = await trial.receiptOf(said)
    const [letter] = await letters()
    expect(receipt).toEqual({ id: said.id, outcome: 'refused', reason: letter?.reason })
    expect(letter).toMatchObject({ item: said.id, bytes: said.payload.byteLength })
    expect(letter?.excerpt.includes(Buffer.from([0xff, 0xd8]))).toBe(false)
    expect(letter?.excerpt.byteLength).toBeLessThan(1025)
    expect(await trial.store.frames.latestFrames()).toEqual([])
    return letter
  }

  test('because its header was signed by another key', async () => {
    const letter = await refusalOf(await trial.unit.frame({ signedBy: newKey() }))
    expect(letter?.reason).toBe('signature-wrong')
    expect(letter?.excerpt.toString()).toContain('"kind":"frame"')
  })

  test('because another picture was put behind its header', async () => {
    const swappedFor = await trialPicture(2)
    expect((await refusalOf(await trial.unit.frame({ swappedFor })))?.reason).toBe('signature-wrong')
  })

  test('because its masks are not the approved ones, or none were approved', async () => {
    expect((await refusalOf(await trial.unit.frame({ maskVersion: 2 })))?.reason).toBe('mask-not-approved')
    expect((await refusalOf(await trial.unit.frame({ preset: 'aval' })))?.reason).toBe('mask-not-approved')
  })

  test('because no such camera or preset is planned', async () => {
    expect((await refusalOf(await trial.unit.frame({ camera: 'cam9' })))?.reason).toBe('camera-unknown')
    expect((await refusalOf(await trial.unit.frame({ preset: 'ailleurs' })))?.reason).toBe('camera-unknown')
  })

  test('because its topic names another view than its header', async () => {
    const frame = await trial.unit.frame()
    const topic = frame.topic.replace('/amont', '/aval')
    expect((await refusalOf({ ...frame, topic }))?.reason).toBe('topic-and-header-differ')
  })

  test('because it is not of the size that it says, or is no JPEG, or is cut', async () => {
    const picture = await trialPicture(4)
    expect((await refusalOf(await trial.unit.frame({ picture, widthPx: 65 })))?.reason).toBe('picture-not-decodable')
    const text = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    expect((await refusalOf(await trial.unit.frame({ picture: text })))?.reason).toBe('picture-not-decodable')
    const cut = picture.subarray(0, picture.byteLength - 200)
    const letter = await refusalOf(await trial.unit.frame({ picture: cut, widthPx: 64, heightPx: 48 }))
    expect(letter?.reason).toBe('picture-not-decodable')
  })

  test('because its time has not come yet', async () => {
    const frame = await trial.unit.frame({ at: Date.now() + HOUR_MS })
    expect((await refusalOf(frame))?.reason).toBe('time-in-the-future')
  })

  test('because its id belongs to another frame', async () => {
    const { unit, store } = trial
    const first = await unit.frame()
    await trial.say(first)
    expect((await trial.receiptOf(first)).outcome).toBe('stored')
    trial.receipts.clear()
    const second = await unit.frame({ id: first.id })
    await trial.say(second)
    expect(await trial.receiptOf(second)).toMatchObject({ outcome: 'refused', reason: 'id-taken' })
    expect((await letters())[0]).toMatchObject({ reason: 'id-taken', item: first.id })
    expect(await store.frames.latestFrames()).toHaveLength(1)
  })

  test('because its unit stands elsewhere', async () => {
    const [, other] = trial.units
    const stranger = await trial.unit.frame()
    const topic = stranger.topic.replace('essai-1', 'essai-2')
    await trial.say({ topic, payload: stranger.payload })
    await until(async () => (await letters()).length === 1)
    expect((await letters())[0]).toMatchObject({ reason: 'unit-not-at-site', site: other?.siteId, unit: 'vg-0001' })
  })

  test('and that comes again makes one dead letter and another receipt', async () => {
    const frame = await trial.unit.frame({ signedBy: newKey() })
    await refusalOf(frame)
    await trial.say(frame)
    await until(() => trial.receipts.get(frame.id)?.length === 2)
    expect(await letters()).toHaveLength(1)
  })
})

describe('while the clock of the cloud is in doubt', () => {
  test('nothing is turned away for its time: it is stored once the time is known', async () => {
    let isTimeCertain = false
    await open({ isTimeCertain: () => isTimeCertain })
    const { unit, clock } = trial
    await trial.say(unit.birth(1))
    const frame = await unit.frame()
    for (const [index, ahead] of [-2 * HOUR_MS, 30 * 24 * HOUR_MS].entries()) {
      clock.ahead = ahead
      await trial.say(frame)
      await until(() => trial.intake.condition().counts.keyUnknown === index + 1)
    }
    expect(trial.intake.condition().counts).toMatchObject({ expired: 0, refused: 0 })
    clock.ahead = 0
    isTimeCertain = true
    await trial.say(frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    expect(await letters()).toEqual([])
  })
})

describe('bytes of any kind', () => {
  beforeEach(() => open())

  test('become dead letters with their reason, and never stop what comes after them', async () => {
    const { unit } = trial
    const topicOf = (what: string) => unit.receiptTopic.replace('/receipt', `/${what}`)
    const frameTopic = topicOf('frame/cam1/amont')
    const picture = await trialPicture(1)
    await trial.say(
      { topic: frameTopic, payload: Buffer.alloc(0) },
      { topic: frameTopic, payload: randomBytes(3_000) },
      { topic: frameTopic, payload: Buffer.concat([Buffer.from('VGF1'), Buffer.from([0, 0, 255, 255]), picture]) },
      { topic: frameTopic, payload: Buffer.concat([Buffer.from('VGF1'), Buffer.from([0, 0, 0, 100]), picture]) },
      { topic: topicOf('state'), payload: picture },
      { topic: topicOf('state'), payload: Buffer.from('{"v":2}') },
      { topic: topicOf('telemetry'), payload: Buffer.from('{}') },
      { topic: topicOf('presence'), payload: Buffer.from('[]') },
      { topic: 'vigie/1/essai-1/VG/state', payload: Buffer.from('{}') },
      { topic: topicOf('progress'), payload: Buffer.from('{}') },
    )
    const frame = await unit.frame()
    await trial.say(unit.birth(1), frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    await until(() => trial.intake.condition().waiting.items === 0)
    const found = (await letters()).map(({ reason }) => reason).sort()
    expect(found).toEqual([
      'header-too-long',
      'not-a-frame',
      'not-a-frame',
      'not-json',
      'not-json',
      'shape-wrong',
      'shape-wrong',
      'shape-wrong',
      'topic-unknown',
      'version-unknown',
    ])
    for (const { excerpt } of await letters())
      expect(excerpt.includes(Buffer.from(picture.subarray(0, 16)))).toBe(false)
  })

  test('that can be named are receipted as refused: the unit may let them go', async () => {
    const { unit } = trial
    const id = newUlid() as ItemId
    const topic = unit.receiptTopic.replace('/receipt', '/telemetry')
    await trial.say({ topic, payload: Buffer.from(JSON.stringify({ v: 1, id, strange: true })) })
    expect(await trial.receiptOf({ id })).toEqual({ id, outcome: 'refused', reason: 'shape-wrong' })
  })
})
