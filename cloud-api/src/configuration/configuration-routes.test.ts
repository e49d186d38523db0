import type { SiteId } from '@vigie/contract/ids'
import type { InjectOptions } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTrialCloud, type TrialCloud } from '../http/trial-cloud.fixture.ts'

const SITE = 'col-d-allos'
let cloud: TrialCloud
let technician: Record<string, string>
beforeEach(async () => {
  cloud = await openTrialCloud()
  technician = await cloud.signIn('technician')
})
afterEach(() => cloud.close())

async function ask(method: 'GET' | 'POST', url: string, payload?: unknown, headers = technician) {
  const options: InjectOptions = { method, url: `/api/v1/sites/${SITE}/configuration${url}`, headers }
  const response = await cloud.http.inject(payload === undefined ? options : { ...options, payload: payload as object })
  return { status: response.statusCode, body: response.body === '' ? null : response.json(), text: response.body }
}

/** The newest documents, with something done to them. */
async function edited(change: (documents: ReturnType<typeof JSON.parse>) => void) {
  const { body } = await ask('GET', '')
  change(body.desired.documents)
  return { basedOn: body.desired.version, note: 'essai', documents: body.desired.documents }
}

describe('the configuration of a site', () => {
  test('is what its file says, until somebody changes it; then who, why and what stand with the version', async () => {
    expect((await ask('GET', '')).body).toMatchObject({
      ...{ site: SITE, unit: 'vg-0001', condition: 'not-published', reported: null },
      desired: { version: 1, who: 'fleet-folder', differences: [] },
    })
    const change = await edited((documents) => {
      documents.schedule.cameras[0].schedule.intervalS = 300
    })
    expect(await ask('POST', '', change)).toMatchObject({
      status: 201,
      body: {
        ...{ version: 2, who: expect.stringContaining('technician'), note: 'essai' },
        differences: [{ place: 'schedule.cameras[0].schedule.intervalS', before: 60, after: 300 }],
      },
    })
    const { body } = await ask('GET', '/versions')
    expect(body.versions.map(({ version }: { version: number }) => version)).toEqual([2, 1])
    expect((await cloud.store.fleet.site(SITE as SiteId))?.cameras[0]?.schedule.intervalS).toBe(300)
  })

  test('is not changed by who has not seen the newest version, who hears its number', async () => {
    const late = await edited(() => {})
    await ask(
      'POST',
      '',
      await edited((documents) => {
        documents.budget.historyBytesPerHour = 5_000_000
      }),
    )
    expect(await ask('POST', '', late)).toMatchObject({
      status: 409,
      body: { type: 'urn:vigie:problem:configuration-outdated', newest: 2 },
    })
  })

  test('is refused with every place that is wrong, and nothing is kept of it', async () => {
    const wrong = await edited((documents) => {
      documents.schedule.cameras[0].schedule.intervalS = 0
      documents.camera.cameras[0].presets[1].label = ''
    })
    const { status, body } = await ask('POST', '', wrong)
    expect(status).toBe(400)
    expect(body.parameters.map(({ name }: { name: string }) => name)).toEqual([
      'camera.cameras[0].presets[1].label',
      'schedule.cameras[0].schedule.intervalS',
    ])
    expect((await ask('GET', '')).body.desired.version).toBe(1)
  })

  test('comes back as a new version with the old content; masks that differ get the next number', async () => {
    const masks = (version: number, label: string) => ({
      ...{ camera: 'cam1', preset: 'amont' },
      masks: {
        ...{ version, approvedOn: '2026-11-20' },
        zones: [
          {
            label,
            fill: 'solid',
            polygon: [
              [0, 0],
              [1, 0],
              [0, 1],
            ],
          },
        ],
      },
    })
    await ask(
      'POST',
      '',
      await edited((documents) => {
        documents.masks.views = [masks(1, 'mur')]
      }),
    )
    const same = await edited((documents) => {
      documents.masks.views = [masks(1, 'porte')]
    })
    expect((await ask('POST', '', same)).body.parameters).toMatchObject([{ name: 'masks.views[0].masks.version' }])
    await ask(
      'POST',
      '',
      await edited((documents) => {
        documents.masks.views = [masks(2, 'porte')]
      }),
    )
    const { status, body } = await ask('POST', '/restoration', { version: 2, note: 'comme avant' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ version: 4, note: 'comme avant' })
    expect(body.documents.masks.views).toEqual([masks(3, 'mur')])
    expect(await ask('POST', '/restoration', { version: 9 })).toMatchObject({ status: 404 })
  })

  test('gives no password back by any route, nor keeps it in clear', async () => {
    const access = { url: 'http://192.0.2.7/onvif/device_service', user: 'vigie', password: 'hunter2-très' }
    const change = await edited((documents) => {
      documents.camera.cameras[0].access = access
    })
    const made = await ask('POST', '', change)
    expect(made.status).toBe(201)
    expect(made.body.documents.camera.cameras[0].access).toEqual({ ...access, password: true })
    const answers = [
      made,
      await ask('GET', ''),
      await ask('GET', '/versions/2'),
      await ask('POST', '/restoration', { version: 2 }),
    ]
    const stored = JSON.stringify([
      await cloud.store.configuration.newest(SITE as SiteId),
      await cloud.store.audit.after(0, 100),
    ])
    for (const text of [...answers.map(({ text: said }) => said), stored, JSON.stringify(cloud.lines)]) {
      expect(text).not.toContain('hunter2')
    }
    expect(stored).toContain('vault:')
  })

  test('takes a password over where its camera stays, and asks for it again where the address is another', async () => {
    const at = (url: string, password: unknown) => (documents: ReturnType<typeof JSON.parse>) => {
      documents.camera.cameras[0].access = { url, user: 'vigie', password }
    }
    await ask('POST', '', await edited(at('http://192.0.2.7/', 'hunter2')))
    expect(await ask('POST', '', await edited(at('http://192.0.2.7/other', true)))).toMatchObject({ status: 201 })
    const elsewhere = await ask('POST', '', await edited(at('http://203.0.113.9/', true)))
    expect(elsewhere.body.parameters).toMatchObject([{ name: 'camera.cameras[0].access.password' }])
  })

  test('is tried again only when it was published', async () => {
    expect(await ask('POST', '/attempt', {})).toMatchObject({ status: 409 })
  })

  test('is not for people without the right: a viewer reads nothing, a supervisor changes nothing', async () => {
    const viewer = await cloud.signIn('viewer')
    expect(await ask('GET', '', undefined, viewer)).toMatchObject({ status: 403 })
    const supervisor = await cloud.signIn('supervisor')
    expect(await ask('GET', '', undefined, supervisor)).toMatchObject({ status: 200 })
    expect(await ask('POST', '', await edited(() => {}), supervisor)).toMatchObject({ status: 403 })
  })
})

test('a new site begins without cameras, and is shown in the fleet at once', async () => {
  const site = {
    ...{ id: 'seyne', unit: 'vg-0044', name: 'Seyne', road: 'D900', kind: 'ville', wave: 2026 },
    ...{ latitude: 44.35, longitude: 6.35, altitudeM: 1210 },
  }
  const add = () => cloud.http.inject({ method: 'POST', url: '/api/v1/sites', headers: technician, payload: site })
  expect((await add()).statusCode).toBe(201)
  expect(await cloud.store.fleet.site('seyne' as SiteId)).toMatchObject({ unit: 'vg-0044', cameras: [] })
  expect((await add()).statusCode).toBe(409)
})
