import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { decodeLedgerMessage } from '@vigie/contract/gate/ledger-message'
import { decodeState } from '@vigie/contract/state'
import { runAgent } from '@vigie/edge-agent/agent'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { expect, test } from 'vitest'
import { openTerminalPair } from '../fakes/gate/pseudo-terminal.ts'
import { plugInReader } from '../fakes/gate/reader.ts'
import { reasonForNoTripod, startTripod } from '../fakes/gate/tripod.ts'
import { createTrialSigner, OPEN_AT_MS, SITE } from '../fixtures/museum/trial-catalogue.ts'
import { openTrialCloudBroker } from '../fixtures/museum/trial-cloud-broker.ts'
import { trialLane } from '../fixtures/trial-lane.ts'
import { until } from '../fixtures/until.ts'

const reason = reasonForNoTripod()
if (reason !== null) console.log(`no box with a lane is run: ${reason}`)
const UNIT = 'vg-tripod1'
const profilesFolder = fileURLToPath(new URL('../../firmware-config/profiles/cameras', import.meta.url))

test.skipIf(reason !== null)(
  'a box with a lane hears the catalogue from the cloud, lets in, and tells the cloud its rows and how the lane does',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-lane-unit-'))
    const signedAt = { now: () => Math.min(Date.now(), OPEN_AT_MS) }
    const authority = await createDevelopmentAuthority({ folder, units: [{ site: SITE, unit: UNIT }] }, signedAt)
    const signer = await createTrialSigner(folder)
    const cloud = await openTrialCloudBroker(authority)
    cloud.answerReceipts('stored')
    await cloud.say(SITE, UNIT, 'catalogue', signer.sign(signer.catalogue()), true)
    const line = await openTerminalPair()
    const tripod = await startTripod(line.far)
    const reader = await plugInReader(join(folder, 'reader'))
    const siteFile = join(folder, `${SITE}.json`)
    const board = { ...trialLane().board, port: line.near }
    const lanes = [trialLane({ reader: { profile: 'generic-serial', port: reader.port }, board })]
    const where = { latitude: 43.9382, longitude: 5.7659, altitudeM: 470 }
    const site = { id: SITE, unit: UNIT, name: 'Musée de Salagon', kind: 'musee', wave: 2020, ...where }
    writeFileSync(siteFile, JSON.stringify({ ...site, cameras: [], lanes }))
    const began = performance.now()
    const stop = new AbortController()
    const running = runAgent(
      {
        ...{ siteFile, profilesFolder, dataFolder: join(folder, 'data'), cameras: {}, keepAliveS: 240 },
        ...{ mqttUrl: cloud.url(), caFile: authority.caFile, ...authority.unit(UNIT), frameStoreMaxBytes: 4_194_304 },
      },
      {
        time: {
          now: () => OPEN_AT_MS + Math.round(performance.now() - began),
          monotonicMs: () => performance.now(),
          wait: (ms, signal) => pause(ms, undefined, { signal }),
        },
        ...{
          newId: monotonicFactory(),
          random: Math.random,
          log: pino({ base: null, messageKey: 'event' }, { write: () => undefined }),
        },
      },
      stop.signal,
    )
    const states = () =>
      cloud.heard('state').flatMap((bytes) => {
        const state = decodeState(bytes)
        return state.ok ? (state.value.lanes ?? []) : []
      })
    const bodies = () =>
      cloud.heard('ledger').flatMap((bytes) => {
        const message = decodeLedgerMessage(bytes)
        return message.ok ? message.value.rows.map(({ body }) => body) : []
      })
    try {
      await until(() => states().some(({ mode, fault }) => mode === 'locked' && fault === undefined))
      await until(() => cloud.heard('gate-ask').length > 0)
      reader.show(signer.ticket('00000000000000a1'))
      await until(() => tripod.has('released', { way: 'A' }))
      tripod.tell({ do: 'push' })
      await until(() => bodies().some(({ kind }) => kind === 'passage'))
      expect(bodies().filter(({ kind }) => kind !== 'lane')).toMatchObject([
        { kind: 'decision', outcome: 'ok', ticket: '00000000000000a1' },
        { kind: 'passage', of: 'grant' },
      ])
    } finally {
      stop.abort()
      await running
      await tripod.stop()
      await reader.unplug()
      await line.unplug()
      await cloud.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
