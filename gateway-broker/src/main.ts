import { setInterval } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ProblemsError } from '@vigie/config-schema/problems'
import { describeSettings, readSettings } from '@vigie/config-schema/settings'
import { mosquittoAccessFile } from '@vigie/contract/topics'
import { pino } from 'pino'
import { createBroker } from './broker.ts'
import { Fault } from './faults.ts'
import { COUNTERS_INTERVAL_MS } from './limits.ts'
import { readTlsMaterial, Settings } from './settings.ts'
import { createTrust } from './trust.ts'

/** sysexits.h EX_CONFIG: the supervisor need not try again before a person has changed something. */
const EXIT_CONFIGURATION = 78

const values = readArguments()

if (values.help === true) {
  console.log(['gateway-broker [--config FILE] [--print-mosquitto-acl]', ...describeSettings(Settings)].join('\n  '))
} else if (values['print-mosquitto-acl'] === true) {
  process.stdout.write(mosquittoAccessFile())
} else {
  await run().catch((error: unknown) => {
    if (!(error instanceof ProblemsError || error instanceof Fault)) throw error
    console.error(error.message)
    process.exitCode = error instanceof ProblemsError ? EXIT_CONFIGURATION : 1
  })
}

async function run(): Promise<void> {
  const settings = readSettings(Settings, { file: values.config, env: process.env })
  const log = pino({ base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime })
  const trust = createTrust(settings, readTlsMaterial(settings), { log, now: Date.now })
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort())
  await trust.lookFirst(stopping.signal)
  const broker = await createBroker(
    { log, revocations: trust.revocations },
    { host: settings.listenHost, port: settings.listenPort, ...trust.tls() },
  )
  log.info({ host: settings.listenHost, port: broker.port }, 'broker.listening')
  const following = trust.follow(broker, stopping.signal)
  try {
    for await (const _ of setInterval(COUNTERS_INTERVAL_MS, undefined, { signal: stopping.signal })) {
      log.info(broker.counters(), 'broker.counters')
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  }
  await following
  await broker.stop()
  log.info(broker.counters(), 'broker.stopped')
}

function readArguments() {
  try {
    return parseArgs({
      options: { config: { type: 'string' }, help: { type: 'boolean' }, 'print-mosquitto-acl': { type: 'boolean' } },
    }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nUse --help.`)
    process.exit(EXIT_CONFIGURATION)
  }
}
