import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { AgentFault } from '../faults.ts'
import { isDiskFailure, isDiskFull } from './disk-failure.ts'

/** One thing to be done with the table. */
export type Change<Result> = {
  /** Reads and writes rows, and nothing else: it is done again when the disk refused it. */
  work: () => Result
  /** Called once, in the same turn in which the disk has taken it. */
  done: (result: Result) => void
  /** Whether it makes room for others, and so may use what is reserved for that. */
  isForReceipts?: boolean
}

/** Does what is asked for within one turn of the loop in one transaction: one sync of the disk for all of it. */
export type GroupCommit = {
  /** Resolves when it is on the disk. Throws AgentFault `disk-failing`. */
  change<Result>(change: Change<Result>): Promise<Result>
  /** Whether nothing waits to be done. */
  isIdle(): boolean
}

/** One commit takes no longer than some of its syncs; 500 small records are written in 5 ms. */
const MAX_GROUP = 500
/** A flash controller that refuses a write often takes it the next time. */
const ATTEMPTS = 3

type Waiting = {
  isForReceipts: boolean
  work: () => unknown
  done: (result: unknown) => void
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/**
 * @param inOneGo runs its work in a transaction
 * @param makeRoom frees room on a full disk; whether it is worth trying again
 */
export function createGroupCommit(deps: {
  inOneGo: <Result>(work: () => Result) => Result
  makeRoom: (forReceipts: boolean) => Promise<boolean>
  onCommit: () => void
}): GroupCommit {
  const waiting: Waiting[] = []
  let isRunning = false

  function tryOnce(group: readonly Waiting[]): void {
    const results = deps.inOneGo(() => group.map(({ work }) => work()))
    group.forEach(({ done, resolve }, index) => {
      done(results[index])
      resolve(results[index])
    })
    deps.onCommit()
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return tryOnce(group)
      } catch (error) {
        const mayPass = isDiskFull(error)
          ? await deps.makeRoom(group.some(({ isForReceipts }) => isForReceipts))
          : isDiskFailure(error)
        if (!mayPass) break
      }
    }
    // One that cannot be done does not take the others with it.
    for (const one of group) {
      try {
        tryOnce([one])
      } catch (error) {
        one.reject(isDiskFailure(error) ? new AgentFault('disk-failing', undefined, { cause: error }) : error)
      }
    }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await turnOfLoop()
      await commit(waiting.splice(0, MAX_GROUP))
    }
    isRunning = false
  }

  return {
    change({ work, done, isForReceipts = false }) {
      return new Promise((resolve, reject) => {
        // The result passes through unchanged, from work to done and resolve; the queue does not look at it.
        waiting.push({ work, done, isForReceipts, resolve, reject } as Waiting)
        if (isRunning) return
        isRunning = true
        void run()
      })
    },
    isIdle: () => !isRunning,
  }
}
