import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readProcess } from './process-table.ts'

type Named = { name: string; pid: number; startedAt: number }
type Run = Named & { children: Named[] }

/** Somebody else runs on this data folder. */
export class FolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(
      `Vigie runs already on ${folder} (process ${pid}). Stop it, or choose another folder: VIGIE_DATA=other npm start`,
    )
    this.name = 'FolderInUse'
  }
}

export type RunLock = {
  /** Writes down which processes are ours now, so that the next run can end them should this one be killed. */
  note(children: readonly { name: string; pid: number }[]): void
  release(): void
}

/**
 * Takes a data folder for this process. Throws FolderInUse when its owner lives. The lock of a dead owner is taken over,
 * and what it left running is ended first: two brokers on one port, two agents on one outbox would do harm.
 */
export function takeRunLock(folder: string, note: (line: string) => void): RunLock {
  const file = join(folder, 'run.json')
  mkdirSync(folder, { recursive: true })
  const earlier = readRun(file)
  if (earlier !== undefined && isAlive(earlier)) throw new FolderInUse(folder, earlier.pid)
  const left = earlier?.children.filter(isAlive) ?? []
  if (earlier !== undefined) {
    note(
      `The last run was killed; ${left.length === 0 ? 'it left nothing behind' : `ending ${left.length} processes of it`}.`,
    )
  }
  for (const { pid } of left) process.kill(pid, 'SIGKILL')

  const self = identify('fleet', process.pid)
  const write = (children: Named[]) => writeFileSync(file, JSON.stringify({ ...self, children }, null, 2))
  write([])
  return {
    note: (children) => write(children.map(({ name, pid }) => identify(name, pid))),
    release: () => rmSync(file, { force: true }),
  }
}

const identify = (name: string, pid: number): Named => ({ name, pid, startedAt: readProcess(pid)?.startedAt ?? 0 })

/** The same process still, not another one with its number. */
const isAlive = ({ pid, startedAt }: Named) => readProcess(pid)?.startedAt === startedAt

function readRun(file: string): Run | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run // written by this file alone
  } catch {
    return undefined // killed while writing: it holds nothing to end
  }
}
