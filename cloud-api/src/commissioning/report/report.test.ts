import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTrialFleet } from '@vigie/tests/fixtures/trial-fleet'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, NOON, openTrialCloud, siteDocument, type TrialCloud } from '../../http/trial-cloud.fixture.ts'
import { readReportSigner } from './sign-report.ts'

const run = promisify(execFile)
let fleet: Awaited<ReturnType<typeof createTrialFleet>>
let folder: string
let cloud: TrialCloud
let technician: Record<string, string>

const pem = (name: string) => readFileSync(join(fleet.folder, name), 'utf8')
beforeAll(async () => {
  fleet = await createTrialFleet({ now: NOON })
  folder = await mkdtemp(join(tmpdir(), 'vigie-report-'))
})
afterAll(async () => {
  await fleet.remove()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  const signer = readReportSigner(pem('cloud.crt'), pem('cloud.key'))
  cloud = await openTrialCloud({ sites: [siteDocument()], signer })
  technician = await cloud.signIn('technician')
})
afterEach(() => cloud.close())

const road = () =>
  sharp({ create: { width: 1280, height: 720, channels: 3, background: '#4f6f52' } })
    .jpeg()
    .toBuffer()
const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
  cloud.http.inject({
    method,
    url: `/api/v1${url}`,
    headers: technician,
    ...(payload === undefined ? {} : { payload }),
  })

/** A commissioning with pictures, a photo, steps and checks, and its report as a file. */
async function makeReport(): Promise<{ id: string; file: string; pdf: Buffer }> {
  for (const preset of ['amont', 'aval']) await cloud.storeFrame({ preset, picture: await road() })
  const { id } = (await ask('POST', '/commissionings', { site: 'col-d-allos', unit: 'vg-0001' })).json()
  await ask('PUT', `/commissionings/${id}/steps/unit`, { entered: { unit: 'vg-0001' }, done: true, seconds: 65 })
  await ask('PUT', `/commissionings/${id}/steps/aim`, { entered: {}, done: true, seconds: 130 })
  const photo = await sharp({ create: { width: 600, height: 800, channels: 3, background: '#8899aa' } })
    .jpeg()
    .toBuffer()
  const headers = { ...technician, 'content-type': 'image/jpeg' }
  const url = `/api/v1/commissionings/${id}/photos?caption=Le%20coffret%20ouvert`
  await cloud.http.inject({ method: 'POST', url, payload: photo, headers })
  await ask('POST', `/commissionings/${id}/checks`, { checks: ['picture-size', 'masks-approved'] })
  const word = { outcome: 'done', word: 'vérifiée à la boussole' }
  await ask('POST', `/commissionings/${id}/checks/position`, word)
  expect((await ask('POST', `/commissionings/${id}/report`)).statusCode).toBe(201)
  const { rawPayload: pdf, headers: said } = await ask('GET', `/commissionings/${id}/report.pdf`)
  expect(said['content-type']).toBe('application/pdf')
  const file = join(folder, `${id}.pdf`)
  await writeFile(file, pdf)
  return { id, file, pdf }
}

describe('the report of a commissioning', () => {
  it('says in French what was done, measured and left open, in embedded type', async () => {
    const { file } = await makeReport()
    const { stdout } = await run('pdftotext', [file, '-'])
    const text = stdout.replaceAll(/\s+/g, ' ')
    for (const words of [
      'Procès-verbal de mise en service',
      "Col d'Allos · D908",
      'Site accepté avec',
      '44,2989° N, 6,5953° E',
      'Réserves',
      'La définition suffit',
      '1 280 × 720 px',
      'constatée sur place',
      'vérifiée à la boussole',
      '1 min 05 s',
      'Durée de la pose : 3 min 15 s',
      'Le coffret ouvert',
      'page 1 sur',
    ]) {
      expect(text).toContain(words)
    }
    const { stdout: fonts } = await run('pdffonts', [file])
    const rows = fonts.trim().split('\n').slice(2)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toMatch(/AtkinsonHyperlegible\S+.* yes yes/)
  })

  it('is signed so that an independent reader finds the signature valid, and any change to it', async () => {
    const { file, pdf } = await makeReport()
    const { stdout } = await run('pdfsig', ['-nocert', file])
    expect(stdout).toContain('Signature is Valid.')
    expect(stdout).toMatch(/Signer Certificate Common Name: cloud/)
    expect(stdout).toContain('Total document signed')
    expect(stdout).toContain('ETSI.CAdES.detached')

    const changed = Buffer.from(pdf)
    const at = changed.indexOf('/CreationDate')
    changed[at + 16] = (changed[at + 16] ?? 0) ^ 1
    const copy = join(folder, 'changed.pdf')
    await writeFile(copy, changed)
    const { stdout: word } = await run('pdfsig', ['-nocert', copy]).catch((error: { stdout: string }) => error)
    expect(word).not.toContain('Signature is Valid.')
  })

  it('ends the commissioning, is kept as it is, and asked for again is the same one', async () => {
    const { id, pdf } = await makeReport()
    cloud.pass(MINUTE_MS)
    const again = await ask('POST', `/commissionings/${id}/report`)
    expect([again.statusCode, again.json().number]).toEqual([200, 1])
    expect((await ask('GET', `/commissionings/${id}/report.pdf`)).rawPayload.equals(pdf)).toBe(true)
    expect((await ask('PUT', `/commissionings/${id}/steps/aim`, { entered: {} })).statusCode).toBe(409)
    expect((await ask('POST', '/commissionings', { site: 'col-d-allos' })).statusCode).toBe(201)
  })

  it('counts photos that were taken after the checks, and leaves open what is still not there', async () => {
    const { id } = (await ask('POST', '/commissionings', { site: 'col-d-allos' })).json()
    await ask('POST', `/commissionings/${id}/checks`, { checks: ['photos', 'position'] })
    const headers = { ...technician, 'content-type': 'image/jpeg' }
    for (const name of ['1', '2', '3']) {
      const payload = await sharp({ create: { width: 60, height: 80, channels: 3, background: `#88${name}` } })
        .jpeg()
        .toBuffer()
      await cloud.http.inject({ method: 'POST', url: `/api/v1/commissionings/${id}/photos`, payload, headers })
    }
    await ask('POST', `/commissionings/${id}/report`)
    const { checks } = (await ask('GET', `/commissionings/${id}/checks`)).json()
    const stateOf = (name: string) => checks.find(({ check }: { check: string }) => check === name)
    expect(stateOf('photos')).toMatchObject({ state: 'passed', measured: '3 photos' })
    expect(stateOf('position')).toMatchObject({ state: 'waiting' })
  })

  it('is not made while a check runs', async () => {
    const { id } = (await ask('POST', '/commissionings', { site: 'col-d-allos' })).json()
    await ask('POST', `/commissionings/${id}/checks`, { checks: ['presence'] })
    const refused = await ask('POST', `/commissionings/${id}/report`)
    expect(refused.json()).toMatchObject({ type: 'urn:vigie:problem:checks-run', checks: ['presence'] })
    expect((await ask('GET', `/commissionings/${id}/report.pdf`)).statusCode).toBe(404)
  })
})

describe('a signer', () => {
  it('of a key that is not that of the certificate is refused', () => {
    expect(() => readReportSigner(pem('cloud.crt'), pem('broker.key'))).toThrow(/not that of the certificate/)
    expect(() => readReportSigner('nothing', pem('broker.key'))).toThrow()
  })
})
