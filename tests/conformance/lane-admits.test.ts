import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { laneDevices } from '@vigie/edge-agent/lane/devices'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { expect, test } from 'vitest'
import { openTerminalPair } from '../fakes/gate/pseudo-terminal.ts'
import { plugInReader } from '../fakes/gate/reader.ts'
import { reasonForNoTripod, startTripod } from '../fakes/gate/tripod.ts'
import { openTrialBox } from '../fixtures/museum/trial-box.ts'
import { createTrialSigner, OPEN_AT_MS, SITE } from '../fixtures/museum/trial-catalogue.ts'
import { trialLane } from '../fixtures/trial-lane.ts'
import { until } from '../fixtures/until.ts'

const reason = reasonForNoTripod()
if (reason !== null) console.log(`nobody is let in: ${reason}`)
const UNIT = 'vg-tripod1'

test.skipIf(reason !== null)(
  'G01, R01, G03: a ticket at the reader sends the exact order to the board, the arm turns once, and the rows say so',
  { timeout: 90_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-lane-admits-'))
    const signedAt = { now: () => Math.min(Date.now(), OPEN_AT_MS) }
    const authority = await createDevelopmentAuthority({ folder, units: [{ site: SITE, unit: UNIT }] }, signedAt)
    const signer = await createTrialSigner(folder)
    const line = await openTerminalPair()
    const tripod = await startTripod(line.far)
    const reader = await plugInReader(join(folder, 'reader'))
    const began = performance.now()
    const box = await openTrialBox({
      ...{ folder, authority, signer, unit: UNIT, devices: laneDevices },
      now: () => OPEN_AT_MS + Math.round(performance.now() - began),
      lane: {
        reader: { profile: 'generic-serial', port: reader.port },
        board: { ...trialLane().board, port: line.near },
        timings: { pulseMs: 700 },
      },
    })
    try {
      box.giveCatalogue()
      await until(() => box.log.some(({ event }) => event === 'reader.working'))
      reader.show(signer.ticket('00000000000000a1'))
      await until(() => tripod.has('released', { way: 'A' }))
      expect(line.sent()).toContain('01 05 02 00 00 07 8d b0')
      tripod.tell({ do: 'push' })
      await until(() => tripod.has('passed', { way: 'A' }))
      await box.isLocked()
      await box.stop()
      const rows = box.rows().filter(({ body }) => body.kind !== 'lane')
      expect(rows.map(({ body }) => body)).toMatchObject([
        { kind: 'decision', outcome: 'ok', ticket: '00000000000000a1', persons: 1 },
        { kind: 'passage', direction: 'in', decision: rows[0]?.id, of: 'grant' },
      ])
    } finally {
      await box.stop().catch(() => undefined)
      await tripod.stop()
      await reader.unplug()
      await line.unplug()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
