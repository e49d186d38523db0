import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ProblemsError } from '@vigie/config-schema/problems'
import { describeSettings, readSettings } from '@vigie/config-schema/settings'
import type { ItemId } from '@vigie/contract/ids'
import { pino } from 'pino'
import sharp from 'sharp'
import { monotonicFactory } from 'ulid'
import { runCloud } from './cloud.ts'
import { Fault } from './faults.ts'
import { checkSettings, Settings } from './settings.ts'

/** What the supervisor sees: 0 told to stop, 75 a fault that may pass, 78 settings that a person must mend, 1 a bug. */
const EXIT = { temporary: 75, configuration: 78, bug: 1 } as const

const { values } = parseArgs({ options: { config: { type: 'string' }, help: { type: 'boolean' } } })
if (values.help) {
  console.log('The cloud side of Vigie. Settings, from --config FILE (JSON) or the environment:\n')
  console.log(describeSettings(Settings).join('\n'))
  process.exit(0)
}

const stop = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())

// A picture at a time in each of the four threads of libuv; a cache of decoded pictures would never be asked twice.
sharp.concurrency(1)
sharp.cache(false)

const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime })
try {
  const settings = checkSettings(readSettings(Settings, { file: values.config, env: process.env }))
  log.level = settings.logLevel
  const clock = { now: Date.now, monotonicMs: () => performance.now() }
  const newId = monotonicFactory() as () => ItemId // a ULID is what an ItemId is
  const newName = () => randomBytes(8).toString('hex')
  const tell = (line: string) => console.log(line)
  await runCloud(settings, { clock, random: Math.random, newName, newId, log, tell }, stop.signal)
  log.info({ event: 'cloud.stopped' })
} catch (error) {
  if (error instanceof ProblemsError) {
    console.error(error.message)
    process.exitCode = EXIT.configuration
  } else {
    log.fatal({ event: 'cloud.failed', err: error, ...(error instanceof Fault ? { fault: error.code } : {}) })
    process.exitCode = error instanceof Fault ? EXIT.temporary : EXIT.bug
  }
}
