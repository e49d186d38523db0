import type { Clock, ClockState } from '@vigie/contract/clock'
import {
  type Command,
  type CommandBody,
  decodeCommand,
  decodeCommandId,
  type ProgressStep,
} from '@vigie/contract/command'
import type { CommandResult } from '@vigie/contract/command-result'
import type { ItemId } from '@vigie/contract/ids'
import { faultCodeOf } from '../faults.ts'
import type { CommandMemory, TakenCommand } from './command-memory.ts'
import type { Asked, Doer, Doers, Outcome } from './doer.ts'
import { judgeCommand } from './judge-command.ts'
import type { Orders } from './orders.ts'

/** How far a command came, and what is to be told with it. */
export type Word = { step: ProgressStep; reason?: string; result?: CommandResult }

export type CommandDeps = {
  /** The unit's honest time. */
  clock: Clock & { state(): ClockState }
  memory: CommandMemory
  orders: Pick<Orders, 'kept'>
  doers: Doers
  /** Tells how far a command came. `onSent`: the word has left the unit. */
  say(command: ItemId, word: Word, onSent: () => void): void
}

export type Commands = {
  /**
   * Takes what came over the wire. Never throws for what is in it.
   * @param isHere it came over a living connection of the same building: it cannot be late, whatever the clocks say
   */
  take(payload: Uint8Array, isHere?: boolean): void
  /** Lets what was taken be done until aborted; rejects with what is a bug. Says first what the last run left to be said. */
  run(signal: AbortSignal): Promise<void>
}

/** How long an expired id is remembered still: as much as the honest time of the unit could be corrected by. */
const GRACE_MS = 3_600_000
/** Results that are told again to who asks again; of older ones, and after a restart, only how they ended. */
const RESULTS_KEPT = 16

/**
 * Takes each command once. Its id is durable before anything is done, so that a power cut makes a command that was not
 * done, never one done twice; who asks again by the same id hears how far it came.
 */
export function createCommands({ clock, memory, orders, doers, say }: CommandDeps): Commands {
  const taken = new Map<ItemId, TakenCommand>()
  const results = new Map<ItemId, CommandResult>()
  /** They end with this start of the agent. */
  const left: TakenCommand[] = []
  /** They were being done when the last run of the agent ended; nobody knows how far they came, and they are not begun again. */
  const cut: TakenCommand[] = []
  const running = new Set<Promise<void>>()
  const stop = new AbortController()
  let onBug: ((error: unknown) => void) | null = null

  for (const command of memory.read().taken) {
    if (command.step !== 'accepted') taken.set(command.id, command)
    else if (command.isReturning === true) left.push(command)
    else cut.push({ ...command, step: 'refused', reason: 'interrupted', isUntold: true })
  }
  for (const command of cut) taken.set(command.id, command)
  // Until it is said, it is not to be done again.
  for (const command of left) taken.set(command.id, command)

  /** @throws AgentFault `disk-failing` */
  function remember(command: TakenCommand): void {
    const before = taken.get(command.id)
    taken.set(command.id, command)
    try {
      memory.write({ taken: [...taken.values()], orders: orders.kept() })
    } catch (error) {
      if (before) taken.set(command.id, before)
      else taken.delete(command.id)
      throw error
    }
  }

  function forgetExpired(): void {
    for (const { id, expiresAtMs } of taken.values()) {
      if (expiresAtMs + GRACE_MS >= clock.now()) continue
      taken.delete(id)
      results.delete(id)
    }
  }

  function keepResult(id: ItemId, result: CommandResult): void {
    results.set(id, result)
    const [oldest] = results.keys()
    if (results.size > RESULTS_KEPT && oldest !== undefined) results.delete(oldest)
  }

  /** An end is durable with what was found before it is said, and is said again by the next run unless it has left. */
  function tell({ id, expiresAtMs }: Pick<TakenCommand, 'id' | 'expiresAtMs'>, word: Word): void {
    const { result } = word
    remember({ id, expiresAtMs, ...word, ...(word.step !== 'accepted' && { isUntold: true }) })
    if (result) keepResult(id, result)
    say(id, word, whenSent(id, word.step))
  }

  /** Only the word on its end tells how a command ended. */
  const whenSent = (id: ItemId, step: ProgressStep) => (step === 'accepted' ? nothing : () => noteTold(id))

  function noteTold(id: ItemId): void {
    const told = taken.get(id)
    if (told?.isUntold !== true) return
    const { isUntold: _, result: __, ...rest } = told
    // On a disk that fails now, the next run of the agent says it once more.
    orIgnored(() => remember(rest))
  }

  function take(command: Command, isHere: boolean): void {
    forgetExpired()
    const { id, body, by } = command
    const issuedAtMs = Date.parse(command.issuedAt)
    const of = { id, expiresAtMs: Date.parse(command.expiresAt) }
    const judgedBy = isHere
      ? { clock: 'synchronised' as const, nowMs: issuedAtMs }
      : { clock: clock.state(), nowMs: clock.now() }
    const judged = judgeCommand(command, { taken, ...judgedBy })
    if (judged.kind === 'again') sayAgain(judged.taken)
    else if (judged.kind === 'not-now') say(id, { step: 'refused', reason: judged.reason }, nothing)
    else if (judged.kind === 'too-late') tell(of, { step: 'expired' })
    else start(of, body, { issuedAtMs, ...(by !== undefined && { by }) })
  }

  function sayAgain({ id, step, reason }: TakenCommand): void {
    const result = results.get(id)
    say(id, { step, ...(reason !== undefined && { reason }), ...(result && { result }) }, whenSent(id, step))
  }

  function start(
    of: Pick<TakenCommand, 'id' | 'expiresAtMs'>,
    body: CommandBody,
    asked: Pick<Asked, 'by' | 'issuedAtMs'>,
  ): void {
    const doer = doers[body.name] as Doer<CommandBody> // the table pairs each name with the doer of its body
    const refusal = doer.refusal?.(body) ?? null
    if (refusal !== null) {
      tell(of, { step: 'refused', reason: refusal })
      return
    }
    if (doer.endsRun === true) {
      // Durable in one write: whatever ends this run from here on, the next one is what was asked for.
      remember({ ...of, step: 'accepted', isReturning: true, sinceMs: clock.now() })
      say(of.id, { step: 'accepted' }, nothing)
    } else tell(of, { step: 'accepted' })
    const outcome = orRefused(() => doer.run(body, { id: of.id, signal: stop.signal, ...asked }))
    if (outcome instanceof Promise) follow(of, outcome)
    else end(of, outcome)
  }

  function end(of: Pick<TakenCommand, 'id' | 'expiresAtMs'>, outcome: Outcome): void {
    if (outcome.step !== 'returning') tell(of, outcome)
  }

  function follow(of: Pick<TakenCommand, 'id' | 'expiresAtMs'>, work: Promise<Outcome>): void {
    const following = work
      .catch(refusalOf)
      .then((outcome) => orSayWhy(of.id, () => end(of, outcome)))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) onBug?.(error)
      })
      .finally(() => running.delete(following))
    running.add(following)
  }

  /** A disk that fails is a reason to refuse, not to stop taking pictures. */
  function orSayWhy(id: ItemId, work: () => void): void {
    try {
      work()
    } catch (error) {
      const fault = faultCodeOf(error)
      if (fault === null) throw error
      say(id, { step: 'refused', reason: fault }, nothing)
    }
  }

  function sayWhatWasLeft(): void {
    // Before any of it is said: a run that ends at once says the same again.
    if (cut.length > 0) orIgnored(() => memory.write({ taken: [...taken.values()], orders: orders.kept() }))
    for (const command of [...taken.values()]) {
      if (command.isUntold !== true) continue
      if (command.result) keepResult(command.id, command.result)
      sayAgain(command)
    }
    for (const { id, expiresAtMs, sinceMs } of left.splice(0)) {
      const awayMs = sinceMs === undefined ? -1 : clock.now() - sinceMs
      const isTold = clock.state() !== 'unknown' && awayMs >= 0 && awayMs < 86_400_000
      orSayWhy(id, () =>
        tell({ id, expiresAtMs }, { step: 'done', ...(isTold && { result: { of: 'restart', awayMs } }) }),
      )
    }
  }

  return {
    take(payload, isHere = false) {
      const command = decodeCommand(payload)
      if (command.ok) return orSayWhy(command.value.id, () => take(command.value, isHere))
      // Of a later version, or made wrongly: whoever sent it hears so at once, not when its time is over.
      const named = decodeCommandId(payload)
      if (named.ok) say(named.value.id, { step: 'refused', reason: 'command-unknown' }, nothing)
    },

    async run(signal) {
      sayWhatWasLeft()
      try {
        await new Promise<void>((resolve, reject) => {
          onBug = reject
          if (signal.aborted) resolve()
          else signal.addEventListener('abort', () => resolve(), { once: true })
        })
      } finally {
        stop.abort(signal.reason)
        await Promise.all(running)
      }
    },
  }
}

const nothing = () => undefined

/** What is said again after a restart need not be durable now. @throws what is no fault */
function orIgnored(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (faultCodeOf(error) === null) throw error
  }
}

function orRefused(work: () => Outcome | Promise<Outcome>): Outcome | Promise<Outcome> {
  try {
    return work()
  } catch (error) {
    return refusalOf(error)
  }
}

/** @throws what is no fault: a bug, or a cancellation */
function refusalOf(error: unknown): Outcome {
  const fault = faultCodeOf(error)
  if (fault === null) throw error
  return { step: 'refused', reason: fault }
}
