import { createPrivateKey, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import {
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import { writeFleetDocuments } from '../../fleet/fleet-documents.ts'
import { type KeptProcess, keepProcess } from '../../fleet/kept-process.ts'
import { placesOf } from '../../fleet/places.ts'
import { findFreePorts, waitForPort } from '../../fleet/port.ts'
import { brokerProgram, cloudProgram } from '../../fleet/programs.ts'
import { openRotatedLog } from '../../fleet/rotated-log.ts'

const READY_WITHIN_MS = 60_000

/** Broker and cloud as two processes, and no unit: a benchmark speaks as the units itself. */
export type BareCloud = {
  origin: string
  mqttUrl: string
  dataFolder: string
  fleet: readonly SiteDocument[]
  authority: DevelopmentAuthority
  keyOf(unit: string): KeyObject
  stop(): Promise<void>
}

/** Starts them in a folder of their own, which goes when they stop. */
export async function startBareCloud(
  sites: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<BareCloud> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
  const places = placesOf(dataFolder)
  const fleet = writeFleetDocuments(places.reference, places.documents, { sites, pace: 1 })
  const authority = await createDevelopmentAuthority(
    { folder: places.pki, units: fleet.map(({ id, unit }) => ({ site: id, unit })) },
    { now: Date.now },
  )
  const http = await findFreePorts(2)
  const ports = { http, broker: http + 1, cameras: 0 }
  const started: KeptProcess[] = []
  for (const program of [brokerProgram(places, ports, authority), cloudProgram(places, ports, authority, settings)]) {
    const env = { PATH: process.env['PATH'] ?? '', ...program.env }
    const log = openRotatedLog(places.log(program.name))
    const kept = keepProcess(
      { ...program, env },
      { log, policy: { firstMs: 1_000, capMs: 1_000 }, note: console.error, changed: () => {} },
    )
    started.push(kept)
    const port = program.name === 'broker' ? ports.broker : ports.http
    await Promise.race([waitForPort(port, AbortSignal.timeout(READY_WITHIN_MS)), kept.failed])
  }
  return {
    origin: `http://127.0.0.1:${ports.http}`,
    mqttUrl: `mqtts://127.0.0.1:${ports.broker}`,
    dataFolder,
    fleet,
    authority,
    keyOf: (unit) => createPrivateKey(readFileSync(authority.unit(unit).keyFile)),
    async stop() {
      for (const kept of started.reverse()) await kept.stop(10_000)
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}
