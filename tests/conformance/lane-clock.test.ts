import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeLedgerMessage } from '@vigie/contract/gate/ledger-message'
import { GUARD_MS } from '@vigie/edge-agent/lane/reader/presentation'
import {
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFakeClock, fakeTimeLibrary } from '../fixtures/fake-clock.ts'
import { openLaneFolder } from '../fixtures/museum/lane-folder.ts'
import {
  createTrialSigner,
  OPEN_AT_MS,
  SITE,
  type TrialSigner,
  trialTicket,
} from '../fixtures/museum/trial-catalogue.ts'
import { openTrialCloudBroker, type TrialCloudBroker } from '../fixtures/museum/trial-cloud-broker.ts'
import { startAgentProcess } from '../fixtures/unit-process.ts'
import { until } from '../fixtures/until.ts'

const hasNoFakeTime = fakeTimeLibrary() === null
if (hasNoFakeTime) console.log('no lane is run by a wrong clock: libfaketime is not installed')
const UNIT = 'vg-tripod1'
const YEAR_S = 365 * 86_400
const [A, B, C, D] = ['a1', 'a2', 'a3', 'a4'].map((end) => `00000000000000${end}`) as [string, string, string, string]
const OVER = { firstDay: trialTicket(A).firstDay - 3, days: 1 }

let folder: string
let authority: DevelopmentAuthority
let signer: TrialSigner
let cloud: TrialCloudBroker
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-lane-clock-'))
  const signedAt = { now: () => Math.min(Date.now(), OPEN_AT_MS) }
  authority = await createDevelopmentAuthority({ folder, units: [{ site: SITE, unit: UNIT }] }, signedAt)
  signer = await createTrialSigner(folder)
  cloud = await openTrialCloudBroker(authority)
})
afterAll(async () => {
  await cloud.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The decisions that the cloud has heard of. */
const decisions = () =>
  cloud.heard('ledger').flatMap((bytes) => {
    const message = decodeLedgerMessage(bytes)
    return message.ok ? message.value.rows.filter(({ body }) => body.kind === 'decision') : []
  })
const decisionOn = (ticket: string) =>
  decisions().findLast(({ body }) => body.kind === 'decision' && body.ticket === ticket)

test.skipIf(hasNoFakeTime).each([
  ['in 1970', -Math.floor(Date.now() / 1000) + 60],
  ['a year ahead', YEAR_S],
])(
  'a lane whose clock stands %s, and that nobody tells the time, lets in and marks it, and is right once the cloud is there',
  { timeout: 180_000 },
  async (name, offsetS) => {
    await cloud.restart()
    await cloud.stop()
    const own = join(folder, name.replaceAll(' ', '-'))
    mkdirSync(own)
    const clock = createFakeClock(own)
    clock.setOffset(offsetS)
    const lane = await openLaneFolder(own, { unit: UNIT, signer })
    const { certificateFile, keyFile } = authority.unit(UNIT)
    const agent = startAgentProcess({
      ...{ MQTT_URL: cloud.url(), CA_FILE: authority.caFile, CERTIFICATE_FILE: certificateFile, KEY_FILE: keyFile },
      ...{ ...lane.env, ...clock.env },
    })
    try {
      await agent.says(({ event, mode }) => event === 'lane.standing' && mode === 'locked')
      expect(await lane.show(signer.ticket(A, OVER), agent)).toBe('ok')
      await lane.goThrough()
      expect(await lane.show(signer.ticket(B), agent)).toBe('ok')
      const shownMs = performance.now()
      await lane.goThrough()

      cloud.answerReceipts('stored', () => new Date().toISOString())
      await cloud.restart()
      await agent.says(({ event }) => event === 'clock.set')
      expect(await lane.show(signer.ticket(C, OVER), agent)).toBe('invalid_time')
      // Sooner, it would still be the same presentation.
      await until(() => performance.now() - shownMs > GUARD_MS)
      expect(await lane.show(signer.ticket(B), agent)).toBe('already_redeemed')
      expect(await lane.show(signer.ticket(D), agent)).toBe('ok')
      await until(() => decisions().length === 5)
      for (const ticket of [A, B]) {
        expect(decisions().find(({ body }) => 'ticket' in body && body.ticket === ticket)).toMatchObject({
          ...{ clock: 'unknown', clockErrorMs: null },
        })
      }
      const healed = decisionOn(D)
      expect(healed?.clock).toBe('synchronised')
      expect(Math.abs(Date.parse(healed?.at ?? '') - Date.now())).toBeLessThan(60_000)
    } finally {
      await agent.kill('SIGTERM')
      await lane.close()
    }
  },
)
