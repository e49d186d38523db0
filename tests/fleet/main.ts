import { resolve } from 'node:path'
import { ProblemsError } from '@vigie/config-schema/problems'
import { describeSettings, readSettings } from '@vigie/config-schema/settings'
import { PortTaken, startFleet } from './fleet.ts'
import { FleetSettings } from './fleet-settings.ts'
import { describeMemory } from './memory.ts'
import { FolderInUse } from './run-lock.ts'
import { createTerminal, describeAddresses } from './terminal.ts'

/** A second Ctrl-C sooner than this is the first one again: npm passes on what the terminal has sent already. */
const SAME_CTRL_C_MS = 1_000

/** In the order of VIGIE_MUSEUMS. */
const MUSEUMS = ['musee-salagon', 'musee-prehistoire']

if (process.argv.includes('--help')) {
  console.log(describeSettings(FleetSettings).join('\n'))
  process.exit(0)
}

const terminal = createTerminal(process.stdout)
const asked = new AbortController()
const hurried = new AbortController()
let askedAt = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (asked.signal.aborted && performance.now() - askedAt > SAME_CTRL_C_MS) hurried.abort()
    if (asked.signal.aborted) return
    askedAt = performance.now()
    asked.abort()
  })
}

try {
  await run(asked.signal)
} catch (error) {
  const isForAPerson = error instanceof ProblemsError || error instanceof PortTaken || error instanceof FolderInUse
  if (!asked.signal.aborted) console.error(isForAPerson ? error.message : error)
  process.exit(asked.signal.aborted ? 0 : error instanceof ProblemsError ? 78 : 1)
}
process.exit(0)

async function run(signal: AbortSignal): Promise<void> {
  const settings = readSettings(FleetSettings, { env: process.env })
  const dataFolder = resolve(settings.vigieData)
  terminal.line(`Starting ${settings.vigieSites} sites and ${settings.vigieMuseums} museums.`)
  const fleet = await startFleet({
    sites: settings.vigieSites,
    museums: MUSEUMS.slice(0, settings.vigieMuseums),
    pace: settings.vigiePace,
    dataFolder,
    enrolled: 'themselves',
    ports: {
      ...{ http: settings.vigiePort, broker: settings.vigieBrokerPort },
      ...{ authority: settings.vigieAuthorityPort, cameras: settings.vigieCameraPort },
      museums: settings.vigieMuseumPort,
    },
    cameras: settings.vigiePictures === undefined ? {} : { folder: resolve(settings.vigiePictures) },
    cloud: {
      ...(settings.databaseUrl === undefined ? {} : { DATABASE_URL: settings.databaseUrl }),
      ...(settings.influxUrl === undefined ? {} : { INFLUX_URL: settings.influxUrl }),
    },
    note: terminal.line,
    signal,
  })
  process.on('SIGUSR2', () => terminal.line(describeMemory(fleet.memory())))
  try {
    terminal.line(describeAddresses(fleet.addresses, dataFolder))
    const progress = (live: number) => terminal.progress(`First pictures: ${live}/${fleet.sites}`)
    await Promise.race([fleet.live(progress, signal), fleet.failed])
    terminal.line(`All ${fleet.sites} sites are live.`)
    await Promise.race([aborted(signal), fleet.failed])
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    terminal.line('Stopping (Ctrl-C again: at once).')
    terminal.line(describeMemory(fleet.memory()))
    await fleet.stop(hurried.signal)
    terminal.line('Stopped.')
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}
