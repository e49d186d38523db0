import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFirstAccount } from '../fixtures/first-account.ts'
import { trialPicture } from '../fixtures/trial-fleet.ts'
import { openVigie, type Said } from '../fixtures/vigie-command.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'

/** One site of one view, a picture each six seconds, whose unit has enrolled at the fleet's own authority. */
const SITE = 'annot'
const run = promisify(execFile)
const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-commissioning-'))
let fleet: Fleet
let headers: Record<string, string>
let vigie: (...args: string[]) => Promise<Said>

beforeAll(async () => {
  fleet = await startFleet({
    ...{ dataFolder, ports: 'free', sites: [SITE], pace: 10 },
    restarts: { firstMs: 100, capMs: 100 },
    agent: { keepAliveS: 30 },
  })
  await fleet.live(() => {}, AbortSignal.timeout(180_000))
  const { origin, firstAdministrator } = fleet.addresses
  if (firstAdministrator === null) throw new Error('nobody has an account in a new fleet')
  headers = await openFirstAccount(origin, firstAdministrator)
  const run = openVigie(dataFolder, { origin, cookie: headers['cookie'] })
  vigie = (...args) => run(args)
})
afterAll(async () => {
  await fleet?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

const api = async (method: string, path: string, body: object | Uint8Array, type = 'application/json') => {
  const answer = await fetch(`${fleet.addresses.origin}/api/v1${path}`, {
    method,
    headers: { ...headers, 'content-type': type },
    body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
  })
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true)
  return (await answer.json()) as { id: string; steps: { step: string }[] } // what the API describes
}

/** What the unit, the line and the cloud must show of themselves; the rest needs hands, or ten minutes of telemetry. */
const MEASURED = [
  ...['presence', 'software', 'certificate', 'camera-answers', 'picture-truth', 'picture-size', 'masks-approved'],
  ...['uplink-speed', 'uplink-delay', 'disk-write', 'public-freshness', 'photos', 'position'],
]
/** What a machine that is busy elsewhere misses now and then, and is asked again. */
const TIMED = ['uplink-speed', 'uplink-delay', 'disk-write', 'public-freshness']
/** The others take minutes, and run on the technician's path by phone. */
const DRILLS = ['restart']

test('a site is put into service from the command line: steps, checks, drills, photos, and a report that is signed', async () => {
  const started = await vigie('commission', 'start', SITE)
  expect(started.said).toMatch(/Mise en service \w+ commencée/)
  expect((await vigie('commission', 'start', SITE)).said).toMatch(/continuée/)
  expect((await vigie('site', 'list')).said).toContain(SITE)

  const { id } = await api('POST', '/commissionings', { site: SITE })
  const position = { latitude: 43.9646, longitude: 6.6682, accuracyM: 2_000 }
  await api('PUT', `/commissionings/${id}/steps/site`, { entered: { position }, done: true, seconds: 40 })
  for (const caption of ['Le mât', 'Le coffret', "L'alimentation"]) {
    const photo = await trialPicture(caption.length, { widthPx: 800, heightPx: 600 })
    await api('POST', `/commissionings/${id}/photos?caption=${encodeURIComponent(caption)}`, photo, 'image/jpeg')
  }

  const holds = (name: string) => new RegExp(`oui .*\\(${name}\\)`)
  const checks = await vigie('commission', 'checks', SITE, '--only', ...MEASURED)
  for (let again = 0; again < 2; again += 1) {
    const missed = TIMED.filter((name) => !holds(name).test(checks.said))
    if (missed.length > 0) checks.said += (await vigie('commission', 'checks', SITE, '--only', ...missed)).said
  }
  for (const name of MEASURED) expect.soft(checks.said, name).toMatch(holds(name))

  // A picture each six seconds is more than a SIM carries in a month, and it says so.
  const budget = await vigie('commission', 'checks', SITE, '--only', 'sim-budget')
  expect(budget).toMatchObject({ exit: 2, said: expect.stringMatching(/NON .*\(sim-budget\)\n +\d/) })

  const drills = await vigie('commission', 'checks', SITE, '--only', ...DRILLS)
  for (const name of DRILLS) expect.soft(drills.said, name).toMatch(holds(name))

  const file = join(dataFolder, 'report.pdf')
  expect((await vigie('commission', 'report', SITE, '--file', file)).exit).toBe(0)
  const { stdout: signature } = await run('pdfsig', ['-nocert', file])
  expect(signature).toContain('Signature is Valid.')
  const { stdout: words } = await run('pdftotext', [file, '-'])
  for (const part of ['Procès-verbal de mise en service', 'Marie Blanc', "L'alimentation", 'de retour en']) {
    expect(words.replaceAll(/\s+/g, ' ')).toContain(part)
  }
}, 600_000)

test('a replacement shows the code for the new box once, and the site goes on with the old one until then', async () => {
  const begun = await vigie('site', 'replace', SITE, '--reason', 'foudre')
  expect(begun.said).toMatch(/Remplacement \w+ commencé[\s\S]*Code\s+\S{26}/)
  expect((await vigie('site', 'show', SITE)).said).toContain('en ligne')
})
