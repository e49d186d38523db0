import { randomUUID } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ProblemsError } from '@vigie/config-schema/problems'
import { describeSettings, readSettings } from '@vigie/config-schema/settings'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { addressesBeside, ownAddresses } from './camera/camera-network.ts'
import { discoverCameras } from './camera/discover-cameras.ts'
import { readMachineBoot } from './clock/machine-boot.ts'
import { faultCodeOf } from './faults.ts'
import { AgentSettings } from './settings.ts'
import { runUnit } from './unit.ts'

/** What the supervisor sees: 0 told to stop, 75 a fault that may pass or a new start that was asked for, 78 settings that a person must mend, 1 a bug. */
const EXIT = { temporary: 75, configuration: 78, bug: 1 } as const

/** Slow devices answer within 3 s. */
const DISCOVERY_WITHIN_MS = 4_000

const values = readArguments()
if (values.help) {
  console.log(['edge-agent [--config FILE]', ...describeSettings(AgentSettings)].join('\n  '))
  process.exit(0)
}

const stop = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())

const log = pino({ base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime })
try {
  const settings = readSettings(AgentSettings, { file: values.config, env: process.env })
  const time = {
    now: Date.now,
    monotonicMs: () => performance.now(),
    wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
  }
  const machine = readMachineBoot(time.monotonicMs())
  const discover = (url: string, signal: AbortSignal) => {
    const search = { from: addressesBeside(url, networkInterfaces()), withinMs: DISCOVERY_WITHIN_MS }
    return discoverCameras(search, { time, newUuid: randomUUID }, signal)
  }
  const findCameras = (signal: AbortSignal) => {
    const from = ownAddresses(
      networkInterfaces(),
      Object.values(settings.cameras).map(({ url }) => url),
    )
    return discoverCameras({ from, withinMs: DISCOVERY_WITHIN_MS }, { time, newUuid: randomUUID }, signal)
  }
  const deps = { time, machine, newId: monotonicFactory(), random: Math.random, log, discover, findCameras }
  const end = await runUnit(settings, deps, stop.signal)
  if (end === 'to-be-restarted') process.exitCode = EXIT.temporary
} catch (error) {
  if (error instanceof ProblemsError) {
    console.error(error.message)
    process.exitCode = EXIT.configuration
  } else {
    const fault = faultCodeOf(error)
    if (fault === null) log.fatal({ err: error }, 'agent.crashed')
    else log.fatal({ fault, detail: error instanceof Error ? error.message : '' }, 'agent.failed')
    process.exitCode = fault === null ? EXIT.bug : EXIT.temporary
  }
}

function readArguments() {
  try {
    return parseArgs({ options: { config: { type: 'string' }, help: { type: 'boolean' } } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nUse --help.`)
    process.exit(EXIT.configuration)
  }
}
