import type { CommandBody } from '@vigie/contract/command'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { AskedCommand } from './check.ts'

/** How checks ask something of a unit, and hear how far it came. */
export type AskUnit = {
  /** Puts a command in the queue for a unit. @returns its id */
  ask(wish: { site: SiteId; unit: UnitId; body: CommandBody; by: string; withinS: number }): Promise<string>
  /** Undefined: there is no such command. */
  of(site: SiteId, id: string): Promise<AskedCommand | undefined>
}

/** Why a check whose command did not come to its end cannot pass; codes of the agent that a technician can do something about. */
const REASONS = new Map([
  ['clock-unknown', "le boîtier ne connaît pas encore l'heure"],
  ['too-many-commands', 'le boîtier est occupé par d’autres commandes'],
  ['camera-unreachable', 'la caméra ne répond pas'],
  ['interrupted', 'le boîtier a été interrompu'],
  ['drill-under-way', 'un exercice est déjà en cours'],
  ['not-delivered', "le boîtier n'était pas en ligne"],
  ['no-word', "le boîtier n'a pas répondu"],
])

/** In French, why a command was refused or ran out. */
export const whyNot = ({ step, reason }: AskedCommand): string => {
  const word = reason === null ? 'sans précision' : (REASONS.get(reason) ?? reason)
  return step === 'refused' ? `Le boîtier refuse : ${word}.` : `La commande n'a pas abouti : ${word}.`
}
