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
import { readTlsMaterial } from './settings.ts'
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
  const trust = createTrust(settings, readTlsMaterial(settings), { log, now: Date.now })
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort())
  await trust.lookFirst(stopping.signal)
  const newUlid = monotonicFactory()
  const museum = await createMuseum(
    {
      log,
      clock: { now: Date.now, monotonicMs: () => performance.now() },
      random: Math.random,
      newId: () => newUlid() as ItemId, // a ULID
      wait: async (ms, signal) => void (await pause(ms, undefined, { signal }).catch(() => undefined)),
      revocations: trust.revocations,
    },
    settings,
    trust.tls(),
  )
  const { broker, httpPort, changeTls } = museum
  log.info({ site: settings.site, lanPort: broker.port, httpPort }, 'museum.listening')
  const following = trust.follow({ cutRevoked: broker.cutRevoked, changeTls }, stopping.signal)
  await museum.run(stopping.signal)
  await following
  await museum.stop()
  log.info(broker.counters(), 'museum.stopped')
}
