import type { CommandName, CommandNamed } from '@vigie/contract/command'
import type { CommandResult } from '@vigie/contract/command-result'
import type { ItemId } from '@vigie/contract/ids'

/** How a command ended. `returning`: it is done when the agent has come back. */
export type Outcome =
  | { step: 'done'; result?: CommandResult }
  | { step: 'refused'; reason: string; result?: CommandResult }
  | { step: 'returning' }

export const done = (result?: CommandResult): Outcome => (result ? { step: 'done', result } : { step: 'done' })
export const refused = (reason: string): Outcome => ({ step: 'refused', reason })

/** One asking. `by`: the person, where one is known; `issuedAtMs`: when, by the clock of whoever asked. */
export type Asked = { id: ItemId; signal: AbortSignal; by?: string; issuedAtMs?: number }

/**
 * Does what one command asks. An AgentFault or CameraFault that it throws is a refusal by that code; it ends when the
 * signal is aborted, and then nothing is said: the next run of the agent says that it was cut short.
 */
export type Doer<Body> = {
  /** Why it will not be done at all; told at once, before it is accepted. */
  refusal?(body: Body): string | null
  /** It ends this run of the agent, and is done when the next one begins: it returns `returning`. */
  endsRun?: true
  run(body: Body, of: Asked): Outcome | Promise<Outcome>
}

/** One for each command of the contract. */
export type Doers = { [Name in CommandName]: Doer<CommandNamed<Name>> }
