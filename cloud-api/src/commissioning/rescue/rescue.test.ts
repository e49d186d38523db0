import { createPublicKey } from 'node:crypto'
import { createTrialFleet, type trialUnit } from '@vigie/tests/fixtures/trial-fleet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, NOON, openTrialCloud, type TrialCloud } from '../../http/trial-cloud.fixture.ts'

type Fleet = Awaited<ReturnType<typeof createTrialFleet>>
let fleet: Fleet
let cloud: TrialCloud
let technician: Record<string, string>

beforeAll(async () => {
  fleet = await createTrialFleet({ sites: 2, now: NOON })
})
afterAll(() => fleet.remove())
beforeEach(async () => {
  // Another box stands there by now.
  const [site, other] = fleet.sites
  if (site === undefined || other === undefined) throw new Error('two sites')
  cloud = await openTrialCloud({ sites: [{ ...site, unit: 'vg-0099' }, other] })
  technician = await cloud.signIn('technician')
  const { unit, keyId, key, siteId } = fleet.unit
  await cloud.store.unitKeys.learn({
    ...{ unit, key: keyId, site: siteId, certificateEndsAt: NOON + 1e9, learntAt: NOON - 1e9 },
    publicKey: publicKeyOf(key),
  })
})
afterEach(() => cloud.close())

const publicKeyOf = (key: Parameters<typeof trialUnit>[1]) =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()

type Said = { id: string; topic: string; payload: Uint8Array }
const inText = ({ payload, ...item }: Said) => ({ ...item, payload: Buffer.from(payload).toString('base64') })
const send = async (items: readonly Said[], { site = 'essai-1', unit = 'vg-0001' } = {}) =>
  cloud.http.inject({
    method: 'POST',
    url: `/api/v1/sites/${site}/rescued-items`,
    headers: technician,
    payload: { unit, items: items.map(inText) },
  })

describe('what is rescued from the outbox of a unit that is gone', () => {
  it('is stored once, however often it is sent, and the unit does not count as heard', async () => {
    const frame = await fleet.unit.frame({ at: NOON - 10 * MINUTE_MS })
    const telemetry = fleet.unit.telemetry({}, { at: NOON - 10 * MINUTE_MS })
    for (let time = 0; time < 2; time += 1) {
      const { items } = (await send([telemetry, frame])).json()
      expect(items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['stored', 'stored'])
    }
    const stored = await cloud.store.frames.frameById(frame.id)
    expect(stored).toMatchObject({ unit: 'vg-0001', site: 'essai-1', capturedAt: NOON - 10 * MINUTE_MS })
    expect(await cloud.files.sizeOf(stored?.sha256 ?? '', 'full')).toBeGreaterThan(0)
    expect(await cloud.store.presence.of(fleet.unit.unit)).toBeUndefined()
  })

  it('says nothing of how the unit does: a state of then does not stand over the new unit’s', async () => {
    const { items } = (await send([fleet.unit.state(), fleet.unit.birth(3)])).json()
    expect(items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['passed-over', 'passed-over'])
    expect(await cloud.store.cameraStates.all()).toEqual([])
  })

  it('is judged as if it had come over the wire: signature, masks, age', async () => {
    const [, stranger] = fleet.units
    if (stranger === undefined) throw new Error('two units')
    const frames = [
      await fleet.unit.frame({ at: NOON, signedBy: stranger.key }),
      await fleet.unit.frame({ at: NOON, maskVersion: 2 }),
      await fleet.unit.frame({ at: NOON - 2 * 86_400_000 }),
      { id: 'not-a-frame', topic: (await fleet.unit.frame()).topic, payload: Buffer.from('nothing') },
    ]
    const { items } = (await send(frames)).json()
    expect(items.map(({ outcome, reason }: { outcome: string; reason: string | null }) => [outcome, reason])).toEqual([
      ['refused', 'signature-wrong'],
      ['refused', 'mask-not-approved'],
      ['expired', null],
      ['refused', 'not-readable'],
    ])
  })

  it('of another unit or site in the same sending is refused, and a unit that never stood there altogether', async () => {
    const [, other] = fleet.units
    if (other === undefined) throw new Error('two units')
    const { items } = (await send([await other.frame({ at: NOON })])).json()
    expect(items).toMatchObject([{ outcome: 'refused', reason: 'unit-not-at-site' }])
    expect((await send([], { unit: 'vg-0002' })).json().type).toBe('urn:vigie:problem:unit-unknown')
    expect((await send([], { site: 'nowhere' })).statusCode).toBe(404)
  })

  it('is taken from nobody whose role or sites do not reach there', async () => {
    technician = await cloud.signIn('viewer')
    expect((await send([])).statusCode).toBe(403)
    technician = await cloud.signIn('technician', ['essai-2'])
    expect((await send([])).statusCode).toBe(403)
  })
})
