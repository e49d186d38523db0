import { randomUUID } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { CommanderError } from 'commander'
import { EXIT_CODES } from './probe/exit-codes.ts'
import { UsageError } from './probe/login.ts'
import { createCameraCommand } from './probe/probe-options.ts'
import { runDiscovery } from './probe/run-discovery.ts'
import { runProbe } from './probe/run-probe.ts'
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

const command = createCameraCommand(async (url, options) => {
  const parts = { time, terminal, env: process.env, newUuid: randomUUID, interfaces: networkInterfaces }
  process.exitCode =
    url === undefined
      ? await runDiscovery(options, parts, stop.signal)
      : await runProbe(url, options, parts, stop.signal)
})

try {
  await command.parseAsync()
} catch (error) {
  if (stop.signal.aborted) process.exitCode = EXIT_CODES.interrupted.code
  else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage.code
  else if (error instanceof UsageError) {
    terminal.remark(error.message)
    process.exitCode = EXIT_CODES.usage.code
  } else throw error
}
