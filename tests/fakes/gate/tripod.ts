import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ended, reasonForNoTerminal } from './pseudo-terminal.ts'

/** Debian's own Python: pymodbus is installed for that one. */
const PYTHON = '/usr/bin/python3'
const SCRIPT = fileURLToPath(new URL('tripod.py', import.meta.url)).replace('/tests/dist/', '/tests/')

/** Why no tripod can be started here; null: it can. */
export function reasonForNoTripod(): string | null {
  const noTerminal = reasonForNoTerminal()
  if (noTerminal !== null) return noTerminal
  const imports = spawnSync(PYTHON, ['-c', 'from pymodbus.server import async_io'])
  return imports.status === 0 ? null : 'python3-pymodbus, python3-serial or python3-serial-asyncio is not installed'
}

export type TripodOrder =
  /** Somebody walks into the arm, and through if it lets them. */
  | { do: 'push'; way?: 'A' | 'B'; takes?: number }
  | { do: 'turn-back'; way?: 'A' | 'B'; takes?: number }
  /** Somebody gets through although it was locked. */
  | { do: 'force'; way: 'A' | 'B' }
  | { do: 'power' | 'fire' | 'alarm' | 'mute'; is: boolean }
  /** The board does the next order, and its answer is lost on the line. */
  | { do: 'hush' }
  /** A wire of the board is cut, or mended. */
  | { do: 'cut' | 'mend'; contact: 'passA' | 'passB' | 'ready' | 'alarm' | 'fire' }

export type TripodNews = {
  event: 'listening' | 'frame' | 'coil' | 'released' | 'blocked' | 'passed' | 'turned-back' | 'done'
  /** When it was told, by its own process. */
  toldMs: number
  [more: string]: unknown
}

/** `at`: a terminal, or null for Modbus TCP on a free port of loopback. `freeS`: how long it waits for a person. */
export async function startTripod(at: string | null, { freeS = 5 }: { freeS?: number } = {}) {
  const where = at === null ? ['--tcp', '0'] : ['--port', at]
  const process_ = spawn(PYTHON, [SCRIPT, ...where, '--free-s', String(freeS)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const news: TripodNews[] = []
  const lines = createInterface({ input: process_.stdout })
  lines.on('line', (line) => news.push(JSON.parse(line)))
  while (news.length === 0) {
    if (process_.exitCode !== null) throw new Error('the tripod ended before it listened')
    await once(lines, 'line')
  }
  return {
    /** As a lane document names it. */
    port: at ?? `tcp://127.0.0.1:${news[0]?.['at']}`,
    news,
    has: (event: TripodNews['event'], more: Record<string, unknown> = {}) =>
      news.some((one) => one.event === event && Object.entries(more).every(([key, value]) => one[key] === value)),
    tell: (order: TripodOrder) => void process_.stdin.write(`${JSON.stringify(order)}\n`),
    stop: () => ended(process_),
  }
}
export type RunningTripod = Awaited<ReturnType<typeof startTripod>>
