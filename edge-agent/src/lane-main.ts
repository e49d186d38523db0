import { setTimeout } from 'node:timers/promises'
import { Command, CommanderError } from 'commander'
import { runLearning } from './lane/reader/run-learning.ts'
import { openLine } from './lane/serial-line.ts'
import { EXIT_CODES } from './probe/exit-codes.ts'
import { speakFrench } from './probe/french.ts'
import { createTerminal } from './probe/terminal.ts'

const stop = new AbortController()
const interrupt = () => stop.abort()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, interrupt)
const terminal = createTerminal({ input: process.stdin, output: process.stdout, errors: process.stderr, interrupt })
const time = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
}

const lane = new Command('vigie lane').description("Le passage d'un musée").usage('<commande> [options]')
lane
  .command('learn')
  .argument('<port>', 'où le lecteur est branché : /dev/serial/by-id/...')
  .usage('<port>')
  .description(
    "Trouve les réglages d'un lecteur : lui présenter le code d'étalonnage (docs/pictures/calibration-code.png), imprimé, autant de fois que demandé.",
  )
  .action(async (port: string) => {
    process.exitCode = await runLearning(port, { openLine, time, terminal }, stop.signal)
  })
speakFrench(lane)

try {
  await lane.parseAsync()
} catch (error) {
  if (stop.signal.aborted) process.exitCode = EXIT_CODES.interrupted.code
  else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage.code
  else throw error
}
