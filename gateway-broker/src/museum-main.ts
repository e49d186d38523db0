import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ProblemsError } from '@vigie/config-schema/problems'
import { describeSettings } from '@vigie/config-schema/settings'
import type { ItemId } from '@vigie/contract/ids'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { Fault } from './faults.ts'
import { createMuseum } from './museum/museum.ts'
import { MuseumSettings, readMuseumSettings } from './museum/museum-settings.ts'
import { createOwnAccess } from './museum/own-access.ts'
import { readOwnCertificates } from './museum/own-certificates.ts'
import { createRenewedCertificates } from './museum/renewed-certificates.ts'
import { runMuseum } from './museum/run-museum.ts'
import { createTrust } from './trust.ts'

/** sysexits.h EX_CONFIG: the supervisor need not try again before a person has changed something. */
const EXIT_CONFIGURATION = 78

const { values } = parseArgs({ options: { config: { type: 'string' }, help: { type: 'boolean' } } })

if (values.help === true) {
  console.log(['museum-gateway [--config FILE]', ...describeSettings(MuseumSettings)].join('\n  '))
} else {
  await run().catch((error: unknown) => {
    if (!(error instanceof ProblemsError || error instanceof Fault)) throw error
    console.error(error.message)
    process.exitCode = error instanceof ProblemsError ? EXIT_CONFIGURATION : 1
  })
}

async function run(): Promise<void> {
  const settings = readMuseumSettings({ file: values.config, env: process.env })
  const log = pino({ base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime })
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort())
  const newUlid = monotonicFactory()
  const wait = async (ms: number, signal: AbortSignal) => {
    await pause(ms, undefined, { signal }).catch(() => undefined)
  }
  const clock = { now: Date.now, monotonicMs: () => performance.now() }
  const { authorityUrl } = settings
  const own =
    authorityUrl === undefined
      ? readOwnCertificates(settings)
      : createRenewedCertificates({ log, clock, random: Math.random, wait }, settings, authorityUrl)
  const trust = createTrust(settings, own.doors(), { log, now: Date.now, read: own.doors })
  await trust.lookFirst(stopping.signal)
  const deps = {
    ...{ log, clock, wait, own, random: Math.random },
    newId: () => newUlid() as ItemId, // a ULID
    ...{ revocations: trust.revocations, listDueMs: trust.listDueMs },
  }
  await Promise.all([
    own.run(stopping.signal),
    runMuseum(
      {
        open: () => createMuseum(deps, settings, trust.tls()),
        access: createOwnAccess(own, trust.revocations),
        ...{ trust, wait, log: log.child({ site: settings.site }) },
      },
      stopping.signal,
    ),
  ])
}
