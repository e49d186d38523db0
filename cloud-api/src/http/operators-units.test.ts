import type { BootId, KeyId, SiteId, UnitId } from '@vigie/contract/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, NOON, openTrialCloud, siteDocument, type TrialCloud } from './trial-cloud.fixture.ts'

const DAY_MS = 86_400_000
const at = (ms: number) => new Date(ms).toISOString()

describe('the units of the fleet', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud({ sites: [siteDocument('allos', 'vg-0001'), siteDocument('bayons', 'vg-0002')] })
  })
  afterEach(() => cloud.close())

  async function read(...who: Parameters<TrialCloud['signIn']>) {
    const headers = await cloud.signIn(...who)
    return (await cloud.http.inject({ url: '/api/v1/operators/units', headers })).json()
  }
  // Ids of the documents above, or of their pattern.
  const ofAllos = (unit: string) => ({ unit: unit as UnitId, site: 'allos' as SiteId })
  const learn = (unit: string, key: string, learntAt: number, certificateEndsAt: number) =>
    cloud.store.unitKeys.learn({ ...ofAllos(unit), key: key as KeyId, publicKey: '', learntAt, certificateEndsAt })

  it('are told with presence, software, and the end of the newest certificate that they showed', async () => {
    const birth = { online: true, software: '0.1.0', session: 1, boot: 'boot' as BootId } as const
    await cloud.store.presence.note({ ...ofAllos('vg-0001'), ...birth }, NOON - MINUTE_MS)
    await learn('vg-0001', '0000000000000001', NOON - 120 * DAY_MS, NOON + 60 * DAY_MS)
    await learn('vg-0001', '0000000000000002', NOON - DAY_MS, NOON + 179 * DAY_MS)
    const { generatedAt, units } = await read()
    expect(generatedAt).toBe(at(NOON))
    expect(units[0]).toEqual({
      unit: 'vg-0001',
      site: 'allos',
      siteName: "Col d'Allos",
      road: 'D908',
      isAtMuseum: false,
      lanes: [],
      isPlanned: true,
      presence: 'online',
      since: at(NOON - MINUTE_MS),
      heardAt: null,
      reason: null,
      software: '0.1.0',
      certificateEndsAt: at(NOON + 179 * DAY_MS),
      configuration: { desired: 1, runs: null, isRefused: false, refused: null, turnedAway: null },
      gateAlarms: [],
      revokedAt: null,
      enrolledAt: at(NOON - DAY_MS),
    })
  })

  it('are told by what the authority gave them and took back, once that is known', async () => {
    await learn('vg-0001', '0000000000000001', NOON - 9 * DAY_MS, NOON + 300 * DAY_MS)
    const times = { issuedAt: NOON - 8 * DAY_MS, startsAt: NOON - 8 * DAY_MS, endsAt: NOON + 172 * DAY_MS }
    const key = '0000000000000001' as KeyId // has its pattern
    const certificate = {
      ...ofAllos('vg-0001'),
      ...times,
      key,
      serial: '01',
      revokedAt: NOON,
      reason: 'stolen',
    } as const
    await cloud.store.unitCertificates.take({ from: 0, upTo: 1, entries: [], certificates: [certificate] })
    expect((await read()).units[0]).toMatchObject({
      certificateEndsAt: at(NOON + 172 * DAY_MS),
      revokedAt: at(NOON),
      enrolledAt: at(NOON - 8 * DAY_MS),
    })
  })

  it('are told with the version that they run and the one that they should', async () => {
    const refused = { version: 2, attempt: 1, at: at(NOON), reason: 'configuration-camera-silent' } as const
    const turnedAway = { at: at(NOON), reason: 'configuration-untrusted', about: 'signed by a stranger' }
    const configuration = { version: 1, attempt: 1, since: at(NOON), refused, turnedAway }
    const state = { ...ofAllos('vg-0001'), boot: 'b' as BootId, seq: 1, at: NOON, cameras: [], configuration } // any boot
    await cloud.store.items.storeItems({ frames: [], states: [state], deadLetters: [], heard: [], at: NOON })
    const newest = await cloud.store.configuration.newest('allos' as SiteId)
    if (newest === undefined) throw new Error('the site has a first version')
    const { site, documents } = newest
    await cloud.store.configuration.add({ site, documents, basedOn: 1, at: NOON, who: 'test', note: '' })
    const { units } = await read()
    expect(units[0].configuration).toEqual({
      ...{ desired: 2, runs: 1, isRefused: true },
      refused: { version: 2, at: at(NOON), reason: 'configuration-camera-silent', about: null },
      turnedAway: { at: at(NOON), reason: 'configuration-untrusted' },
    })
    expect(units[1].configuration).toEqual({
      ...{ desired: 1, runs: null, isRefused: false, refused: null, turnedAway: null },
    })
  })

  it('are there before they were ever heard, and say nothing that is not known', async () => {
    expect((await read()).units[1]).toMatchObject({
      unit: 'vg-0002',
      presence: 'unknown',
      ...{ since: null, heardAt: null, software: null, certificateEndsAt: null, revokedAt: null, enrolledAt: null },
    })
  })

  it('are told only of the sites that a role reaches', async () => {
    const { units } = await read('technician', ['bayons'])
    expect(units.map(({ unit }: { unit: string }) => unit)).toEqual(['vg-0002'])
  })

  it('stay known when they were replaced, and are not taken for the box of the site', async () => {
    await learn('vg-0009', '0000000000000009', NOON - 9 * DAY_MS, NOON)
    const { units } = await read()
    expect(units.map(({ unit }: { unit: string }) => unit)).toEqual(['vg-0001', 'vg-0002', 'vg-0009'])
    expect(units[2]).toMatchObject({ site: 'allos', isPlanned: false })
  })
})
