import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { CommandBody, CommandName } from '@vigie/contract/command'
import type { Action } from '../people/actions.ts'

/** What lets people in uncounted, or keeps them out. */
const DANGEROUS: readonly CommandName[] = ['free-rotation', 'out-of-service']

/** Whoever asks for it must say why. */
export const isDangerous = ({ name }: Pick<CommandBody, 'name'>): boolean => DANGEROUS.includes(name)

/** The right that a command takes. */
export function actionOf(body: Pick<CommandBody, 'name'>): Action {
  if (isDangerous(body)) return 'command.danger'
  return body.name === 'open-lane' ? 'command.open-lane' : 'command.ask'
}

/** Whether a second person has to say yes before it is sent. */
export const needsSecondPerson = (
  body: Pick<CommandBody, 'name'>,
  site: Pick<SiteDocument, 'needsTwoPeople'>,
): boolean => isDangerous(body) && site.needsTwoPeople === true
