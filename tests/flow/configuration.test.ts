import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFirstAccount } from '../fixtures/first-account.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'

const SITE = 'annot'
const INTERVAL_S = 6
/** A trial holds the connection for a minute. */
const WITHIN_MS = 150_000

const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-configuration-'))
let fleet: Fleet
let headers: Record<string, string>

beforeAll(async () => {
  fleet = await startFleet({ dataFolder, ports: 'free', sites: [SITE], pace: 60 / INTERVAL_S })
  await fleet.live(() => {}, AbortSignal.timeout(180_000))
  const { origin, firstAdministrator } = fleet.addresses
  headers = await openFirstAccount(origin, firstAdministrator ?? '')
})
afterAll(async () => {
  await fleet?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

async function ask(path: string, body?: unknown) {
  const answer = await fetch(`${fleet.addresses.origin}/api/v1/sites/${SITE}/configuration${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json() as Promise<ReturnType<typeof JSON.parse>> // as the description of the API says
}

/** Asks until the configuration stands so; says how it stands when it does not come to it. */
async function untilIt(stands: (now: ReturnType<typeof JSON.parse>) => boolean) {
  const deadline = Date.now() + WITHIN_MS
  for (;;) {
    const now = await ask('')
    if (stands(now)) return now
    if (Date.now() > deadline) throw new Error(JSON.stringify({ ...now, desired: now.desired.version }))
    await pause(250)
  }
}

async function change(edit: (documents: ReturnType<typeof JSON.parse>) => void) {
  const { desired } = await ask('')
  edit(desired.documents)
  return ask('', { basedOn: desired.version, note: 'essai', documents: desired.documents })
}

const cameraUrl = () => fleet.addresses.cameras.get(SITE) ?? ''
const password = () => {
  const folder = join(dataFolder, 'fleet', 'passwords')
  const [file = ''] = readdirSync(folder)
  return readFileSync(join(folder, file), 'utf8').trim()
}
const newestPictureAt = async () => {
  const answer = await fetch(`${fleet.addresses.origin}/api/v1/webcams/${SITE}-cam1`)
  const { properties } = (await answer.json()) as ReturnType<typeof JSON.parse> // likewise
  return Date.parse(properties.presets[0].picture.capturedAt)
}

test('what the files say is confirmed by the unit at once: it runs already', async () => {
  const { desired, reported } = await untilIt(({ condition }) => condition === 'runs')
  expect([desired.version, reported.version]).toEqual([1, 1])
})

test('a camera that does not answer makes the unit go back by itself, and the cloud knows why', async () => {
  await change((documents) => {
    documents.camera.cameras[0].access = { url: 'http://127.0.0.1:1/onvif/device_service' }
  })
  const { reported } = await untilIt(({ condition }) => condition === 'refused')
  expect(reported).toMatchObject({ version: 1, refused: { version: 2, reason: 'camera-unreachable', about: 'cam1' } })
  const before = await newestPictureAt()
  while ((await newestPictureAt()) === before) await pause(250)
})

test('a broker that is killed in a trial costs nothing: the new configuration holds, with a password that only the unit opens', async () => {
  await change((documents) => {
    documents.camera.cameras[0].access = { url: cameraUrl(), user: 'vigie', password: password() }
    documents.schedule.cameras[0].schedule.intervalS = 20
  })
  await untilIt(({ condition }) => condition === 'tried')
  await fleet.processes.get('broker')?.kill('SIGKILL')
  const { reported, desired } = await untilIt(({ condition }) => condition === 'runs')
  expect(reported).toMatchObject({ version: 3, refused: null })
  expect(desired.documents.camera.cameras[0].access.password).toBe(true)
  for (const name of readdirSync(join(dataFolder, 'logs'))) {
    expect(readFileSync(join(dataFolder, 'logs', name), 'utf8')).not.toContain(password())
  }
})

test('the way back is a new version, and is taken like any other', async () => {
  await ask('/restoration', { version: 1 })
  const { reported } = await untilIt(({ condition }) => condition === 'runs')
  expect(reported.version).toBe(4)
})
