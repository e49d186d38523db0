import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ProblemsError } from '@vigie/config-schema/problems'
import { Command } from 'commander'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { askHidden, askPassphrase } from './command/ask-passphrase.ts'
import { authorityCommand } from './command/authority-command.ts'
import { caCommand } from './command/ca-command.ts'
import { claimCommand } from './command/claim-command.ts'
import { commissionCommand } from './command/commission-command.ts'
import { findExternalCommand, listExternalCommands, runExternalCommand } from './command/external-command.ts'
import { speakFrench } from './command/french.ts'
import { sessionCommand } from './command/session-command.ts'
import { siteCommand } from './command/site-command.ts'
import { unitCommand } from './command/unit-command.ts'
import { FAULTS, Fault } from './faults.ts'

// Where other packages' commands are: beside `vigie` itself, in this checkout, then on the PATH.
const here = dirname(fileURLToPath(import.meta.url))
const folders = [
  dirname(process.argv[1] ?? here),
  join(here, '../node_modules/.bin'),
  join(here, '../../node_modules/.bin'),
  ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
]

const stop = new AbortController()
const log = pino({ base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime })
const authorityDeps = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  newId: monotonicFactory(),
  log,
  env: process.env,
}

const print = (line: string) => console.log(line)
const configFolder = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
const atCloud = { sessionFile: join(configFolder, 'vigie', 'session.json'), print, askHidden }

const vigie = new Command('vigie')
  .description('Vigie : les commandes du technicien')
  .usage('<commande> [options]')
  .addCommand(caCommand({ now: Date.now, print, askPassphrase }))
  .addCommand(authorityCommand(authorityDeps, stop.signal))
  .addCommand(sessionCommand(atCloud))
  .addCommand(claimCommand(atCloud))
  .addCommand(unitCommand(atCloud))
  .addCommand(siteCommand(atCloud))
  .addCommand(commissionCommand(atCloud))
  .addHelpText('after', () => {
    const others = listExternalCommands(folders).map((word) => `  vigie ${word}`)
    return others.length === 0 ? '' : ['', 'Aussi installées ici :', ...others].join('\n')
  })
speakFrench(vigie)

const [first = '--help', ...rest] = process.argv.slice(2)
const word = first === 'help' ? '--help' : first
const own = vigie.commands.map((command) => command.name())
try {
  if (word.startsWith('-') || own.includes(word)) {
    // Only the authority stays; it is told to stop, the others are ended.
    if (word === 'authority') for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())
    await vigie.parseAsync([word, ...rest], { from: 'user' })
  } else {
    const file = findExternalCommand(word, folders)
    if (file === undefined) {
      const there = [...own, ...listExternalCommands(folders)].join(', ')
      console.error(`La commande « vigie ${word} » n'existe pas. Il y a : ${there}. « vigie --help » dit le reste.`)
      process.exitCode = 1
    } else {
      process.exitCode = await runExternalCommand(file, rest)
    }
  }
} catch (error) {
  process.exitCode = explain(error)
}

/** Says what a person can mend and gives the exit code (78: a document or setting to correct); a bug goes on as it is. */
function explain(error: unknown): number {
  if (error instanceof ProblemsError) {
    console.error(error.message)
    return 78
  }
  const fault = error instanceof Fault ? error : fileFault(error)
  if (fault === undefined) throw error
  console.error(`${fault.message}\n${FAULTS[fault.code].action}`)
  return 1
}

function fileFault(error: unknown): Fault | undefined {
  if (!(error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error)) return undefined
  return new Fault('file-not-usable', `${String(error.path)} (${String(error.code)})`, { cause: error })
}
