import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { ProblemsError } from '@vigie/config-schema/problems'
import { readSettings } from '@vigie/config-schema/settings'
import type { AgentDeps } from '@vigie/edge-agent/agent'
import { discoverCameras } from '@vigie/edge-agent/camera/discover-cameras'
import { faultCodeOf } from '@vigie/edge-agent/faults'
import { AgentSettings } from '@vigie/edge-agent/settings'
import { runUnit } from '@vigie/edge-agent/unit'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { MACHINE_BOOT, simulatedMachine } from './simulated-machine.ts'

/** What systemd gives an agent on its box: see RestartSec in firmware-config/system/vigie-agent.service. */
const RESTART_MS = 10_000
/** Cameras of the same machine answer at once. */
const DISCOVERY_WITHIN_MS = 2_000

/*
 * Several agents in one process, one for each settings file named on the command line: 41 processes of Node would take
 * the memory of this machine for themselves. On a box it is one, run by edge-agent's own main.
 */
const stop = new AbortController()
// Every agent listens to it: many listeners are no leak here.
setMaxListeners(0, stop.signal)
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())

const level = process.env['LOG_LEVEL'] ?? 'info'
const log = pino({ level, base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime })
const time: AgentDeps['time'] = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
}
const deps: AgentDeps = {
  time,
  machine: simulatedMachine(process.env[MACHINE_BOOT], performance.now()),
  newId: monotonicFactory(),
  random: Math.random,
  log,
  // All cameras of the fleet are on one network here: each unit finds those of the others too.
  findCameras: (signal) =>
    discoverCameras({ from: ['127.0.0.1'], withinMs: DISCOVERY_WITHIN_MS }, { time, newUuid: randomUUID }, signal),
}

try {
  const files = process.argv.slice(2)
  const units = files.map((file) => readSettings(AgentSettings, { file, env: {} }))
  await Promise.all(units.map((settings) => keepAgent(settings)))
} catch (error) {
  if (error instanceof ProblemsError) console.error(error.message)
  else log.fatal({ err: error }, 'agents.failed')
  process.exit(error instanceof ProblemsError ? 78 : 1)
}

/** One agent's fault is not its neighbours': it is started again, alone. A bug takes all down, as it should be seen. */
async function keepAgent(settings: AgentSettings): Promise<void> {
  while (!stop.signal.aborted) {
    try {
      if ((await runUnit(settings, deps, stop.signal)) === 'stopped') return
    } catch (error) {
      const fault = faultCodeOf(error)
      if (fault === null) throw error
      log.error({ err: error, fault, siteFile: settings.siteFile }, 'agent.failed')
      await deps.time.wait(RESTART_MS, stop.signal).catch(() => {})
    }
  }
}
