import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { RotatedLog } from './rotated-log.ts'
import { MACHINE_BOOT, machineStartedNow } from './simulated-machine.ts'

/** A configuration that a person must mend (sysexits.h EX_CONFIG): starting again would not help. */
const EXIT_CONFIG = 78
/** Who lived this long has recovered: the next restart is quick again. */
const SETTLED_MS = 60_000

export type Program = {
  name: string
  /** The compiled main file. */
  file: string
  args?: readonly string[]
  /** A command and its arguments that become the program: `ip netns exec NAME`. */
  within?: readonly string[]
  env: Readonly<Record<string, string>>
}

/** The wait before a restart doubles from `firstMs` to `capMs`. */
export type RestartPolicy = { firstMs: number; capMs: number }

export type KeptProcess = {
  name: string
  /** Undefined while it does not run. */
  pid(): number | undefined
  /** How often it was started. */
  starts(): number
  /** Sends a signal to the process that runs now, and resolves when that one has ended. It will be restarted. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends it well and starts it again, without the back-off. */
  restart(graceMs?: number): Promise<void>
  /** Ends it by this signal (kill -9 unless said otherwise) and does not start it again until `up`. */
  down(signal?: NodeJS.Signals): Promise<void>
  /** Pulls the plug: kill -9, and what `up` starts stands on a machine that has booted anew. */
  cutPower(): Promise<void>
  up(): void
  /** Ends it for good: SIGTERM, then SIGKILL after `graceMs` or as soon as `hurry` is aborted. */
  stop(graceMs: number, hurry?: AbortSignal): Promise<void>
  /** The end of its log. */
  tail(lines: number): string
  /** Rejects when it ends for a reason that a restart would not mend. Never resolves. */
  failed: Promise<never>
}

/** Starts a program of this project as a process of its own and keeps it running: who dies is started again. */
export function keepProcess(
  program: Program,
  { log, policy, note, changed }: { log: RotatedLog; policy: RestartPolicy; note(line: string): void; changed(): void },
): KeptProcess {
  let child: ChildProcess | undefined
  let starts = 0
  let failures = 0
  let wanted = true
  let machine = machineStartedNow()
  const stopping = new AbortController()
  let giveUp: (reason: Error) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  failed.catch(() => {}) // nobody need be waiting for it

  const start = () => {
    starts += 1
    const startedAt = performance.now()
    // A session of its own: Ctrl-C in the terminal reaches the runner alone, which ends its processes in order.
    const words = [...(program.within ?? []), process.execPath, program.file, ...(program.args ?? [])]
    const [command = process.execPath, ...args] = words
    const started = spawn(command, args, {
      env: { ...program.env, [MACHINE_BOOT]: machine },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    child = started
    started.stdout.on('data', (text: Buffer) => log.write(text))
    started.stderr.on('data', (text: Buffer) => log.write(text))
    // `close` and not `exit`: its last words are in the log by then.
    started.once('close', (code, signal) => {
      child = undefined
      changed()
      if (!wanted) return
      if (performance.now() - startedAt > SETTLED_MS) failures = 0
      failures += 1
      void again(code, signal)
    })
    changed()
  }

  const again = async (code: number | null, signal: NodeJS.Signals | null) => {
    const how = signal ?? `exit ${code}`
    if (code === EXIT_CONFIG) {
      note(`${program.name} ended (${how}): its configuration must be mended`)
      giveUp(new Error(`${program.name} cannot run with its configuration:\n${log.tail(20)}`))
      return
    }
    const delayMs = Math.min(policy.capMs, policy.firstMs * 2 ** (failures - 1))
    note(`${program.name} ended (${how}); starting it again in ${(delayMs / 1000).toFixed(1)} s`)
    await pause(delayMs, undefined, { signal: stopping.signal }).catch(() => {})
    if (wanted && child === undefined) start()
  }

  const ended = (running: ChildProcess) =>
    running === child ? new Promise<void>((resolve) => running.once('close', () => resolve())) : Promise.resolve()

  const end = async (graceMs: number, hurry?: AbortSignal) => {
    const running = child
    if (running === undefined) return
    running.kill('SIGTERM')
    const stopped = new AbortController()
    const over = hurry === undefined ? stopped.signal : AbortSignal.any([stopped.signal, hurry])
    const grace = pause(graceMs, undefined, { signal: over }).catch(() => {})
    await Promise.race([ended(running), grace])
    stopped.abort()
    if (child !== running) return
    note(`${program.name} did not stop in time and was killed`)
    running.kill('SIGKILL')
    await ended(running)
  }

  const down = async (signal: NodeJS.Signals) => {
    wanted = false
    const running = child
    running?.kill(signal)
    if (running !== undefined) await ended(running)
  }

  start()
  return {
    name: program.name,
    pid: () => child?.pid,
    starts: () => starts,
    async kill(signal) {
      const running = child
      if (running === undefined) return
      running.kill(signal)
      await ended(running)
    },
    async restart(graceMs = 10_000) {
      wanted = false
      await end(graceMs)
      wanted = true
      if (child === undefined) start()
    },
    down: (signal = 'SIGKILL') => down(signal),
    async cutPower() {
      await down('SIGKILL')
      machine = machineStartedNow()
    },
    up() {
      if (stopping.signal.aborted) return
      wanted = true
      if (child === undefined) start()
    },
    async stop(graceMs, hurry) {
      if (stopping.signal.aborted) return
      wanted = false
      stopping.abort()
      await end(graceMs, hurry)
      log.close()
    },
    tail: (lines) => log.tail(lines),
    failed,
  }
}
