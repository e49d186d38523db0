import type { CommandResult, ResultOf } from '@vigie/contract/command-result'
import { whyNot } from '../ask-unit.ts'
import type { AskedCommand, Facts, Judgement } from '../check.ts'

const UNCONNECTED: Judgement = {
  state: 'waiting',
  reason: 'Le centre ne peut pas donner de commandes aux boîtiers ici.',
}

/** A command that a check asked for, once it is done, or what is to be said of the check until then. */
export function doneOf({ commands }: Facts, as: string): { command: AskedCommand } | Judgement {
  const command = commands.get(as)
  if (command === undefined) return UNCONNECTED
  if (command.step === 'refused' || command.step === 'expired') return { state: 'failed', reason: whyNot(command) }
  if (command.step !== 'done') return { state: 'running', reason: STEPS[command.step] }
  return { command }
}

/** The result of a command that a check asked for, or what is to be said of the check meanwhile. */
export function answerOf<Of extends CommandResult['of']>(
  facts: Facts,
  as: string,
  of: Of,
): { result: ResultOf<Of>; command: AskedCommand } | Judgement {
  const done = doneOf(facts, as)
  if (!('command' in done)) return done
  const { command } = done
  const result = command.result as CommandResult | null // checked by its schema when it came
  if (result?.of !== of) return { state: 'failed', reason: "La réponse du boîtier n'est pas celle qui était attendue." }
  return { result: result as ResultOf<Of>, command } // `of` says which
}

const STEPS = {
  queued: 'La commande attend le boîtier.',
  delivered: 'La commande est partie vers le boîtier.',
  accepted: 'Le boîtier exécute la commande.',
} as const
