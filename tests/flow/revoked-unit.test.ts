import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { askOffice } from '../fixtures/ask-authority.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import { certificatesOf } from '../fleet/fleet-authority.ts'
import { placesOf } from '../fleet/places.ts'

/** What the issue of a revocation may take to shut a unit out, with all processes and their polling between. */
const OUT_WITHIN_MS = 60_000
const LIVE_WITHIN_MS = 180_000
const STOLEN = { site: 'quinson' }
const OTHER = { site: 'col-de-maure' }

const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-revoked-'))
afterAll(() => rmSync(dataFolder, { recursive: true }))

type Preset = { freshness: string; seenAt: string | null }

/** The first view of each site, as the public sees it. */
async function viewOf(fleet: Fleet, site: string): Promise<Preset> {
  const answer = await fetch(`${fleet.addresses.origin}/api/v1/webcams`)
  type Webcam = { properties: { site: string; presets: Preset[] } }
  const { features } = (await answer.json()) as { features: Webcam[] } // its shape is tested beside the API
  const found = features.find(({ properties }) => properties.site === site)?.properties.presets[0]
  if (found === undefined) throw new Error(`no view of ${site}`)
  return found
}

async function untilIt(isSo: () => Promise<boolean>, withinMs: number): Promise<void> {
  const signal = AbortSignal.timeout(withinMs)
  while (!(await isSo())) await pause(250, undefined, { signal })
}

test('a unit that is revoked is out within a minute and stays out, and its neighbour notices nothing', async () => {
  const ports = 'free'
  const fleet = await startFleet({ sites: [STOLEN.site, OTHER.site], pace: 12, dataFolder, ports })
  try {
    await fleet.live(() => {}, AbortSignal.timeout(LIVE_WITHIN_MS))
    const { caFile, cloud } = certificatesOf(placesOf(dataFolder))
    const ask = (method: string, path: string, body?: unknown) =>
      askOffice(Number(new URL(fleet.addresses.authority).port), caFile, cloud, {
        method,
        path,
        ...(body === undefined ? {} : { body }),
      })
    const { value } = await ask('GET', `/certificates?site=${STOLEN.site}`)
    const [{ unit, serial }] = value.certificates

    const revokedAt = Date.now()
    await ask('POST', '/revocations', { unit, reason: 'stolen', by: 'test' })
    await untilIt(async () => (await viewOf(fleet, STOLEN.site)).freshness === 'offline', OUT_WITHIN_MS)

    const { seenAt } = await viewOf(fleet, STOLEN.site)
    const neighbourSaw = Date.parse((await viewOf(fleet, OTHER.site)).seenAt ?? '')
    await untilIt(
      async () => Date.parse((await viewOf(fleet, OTHER.site)).seenAt ?? '') > neighbourSaw + 10_000,
      LIVE_WITHIN_MS,
    )
    expect(await viewOf(fleet, STOLEN.site)).toMatchObject({ freshness: 'offline', seenAt })
    expect(Date.parse(seenAt ?? '')).toBeLessThan(revokedAt + OUT_WITHIN_MS)
    expect((await viewOf(fleet, OTHER.site)).freshness).not.toBe('offline')
    const list = await ask('GET', `/certificates?unit=${unit}`)
    expect(list.value.certificates).toMatchObject([{ serial, reason: 'stolen' }])
  } finally {
    await fleet.stop()
  }
})
