import type { AuditLine } from '../../api/audit.ts'
import { NARROW } from '../../look/wording.ts'
import { isBareId } from './audit-subject.ts'

/** What each action is in French, after the name of who did it. An action without a line is shown by its own name. */
export const ACTION_WORDS: Record<string, string> = {
  'session.begun': 's’est connecté',
  'session.ended': 'a fermé une session',
  'person.entered': 'a ouvert son compte',
  'person.invited': 'a invité',
  'person.changed': 'a modifié le compte de',
  'invitation.withdrawn': 'a retiré l’invitation de',
  'password.changed': 'a changé le mot de passe de',
  'password-link.made': 'a donné un lien de nouveau mot de passe à',
  'second-factor.removed': 'a retiré le second facteur de',
  'authenticator.set-up': 'a activé l’application d’authentification de',
  'authenticator.removed': 'a retiré l’application d’authentification de',
  'recovery-codes.given': `a reçu de nouveaux codes de secours${NARROW}:`,
  'recovery-code.used': `s’est servi d’un code de secours${NARROW}:`,
  'passkey.added': `a ajouté une clé d’accès${NARROW}:`,
  'passkey.removed': `a retiré une clé d’accès${NARROW}:`,
  'oidc.linked': `a relié son compte à celui de la collectivité${NARROW}:`,
  'claim.made': 'a fait un code d’installation pour',
  'claim.bound': 'a lié un code d’installation au site, pour',
  'claim.withdrawn': `a retiré un code d’installation${NARROW}:`,
  'unit.enrolled': 's’est enrôlé',
  'unit.renewed': 'a renouvelé son certificat',
  'unit.refused': 'a été refusé par l’autorité',
  'unit.refusal-seen': 'a vu l’alarme de',
  'unit.revoked': 'a révoqué',
  'unit.replacement-begun': 'a commencé le remplacement de',
  'unit.took-over': `a pris la suite${NARROW}:`,
  'authority.started': 'a démarré',
  'ticket.sold': `a vendu la commande${NARROW}:`,
  'ticket.canceled': 'a annulé le billet',
  'ticket.test-made': 'a fait le billet d’essai',
  'ticket.imported': 'a importé les billets de',
  'ticket.conflict-acknowledged': 'a traité le double passage du billet',
  'gate.pass-given': 'a autorisé un téléphone à',
  'site.added': 'a ajouté le site',
  'configuration.changed': `a modifié les réglages${NARROW}:`,
  'configuration.restored': `est revenu à d’anciens réglages${NARROW}:`,
  'configuration.tried-again': `a fait essayer de nouveau les réglages${NARROW}:`,
  'command.asked': `a demandé à l’unité${NARROW}:`,
  'command.approved': 'a approuvé la demande',
  'commissioning.begun': `a commencé une mise en service${NARROW}:`,
  'check.said': 'a répondu à la vérification',
  'commissioning.reported': 'a signé le procès-verbal de la mise en service',
}

/** What was done, to stand before what it was done to; without a colon or a preposition where nothing follows. */
export function actionInWords(
  { action, who, what }: Pick<AuditLine, 'action' | 'who' | 'what'>,
  isAlone: boolean,
): string {
  if (action === 'session.ended' && !isBareId(what) && what !== who)
    return what === 'all others' ? 'a fermé toutes ses autres sessions' : 'a fermé les sessions de'
  const words = ACTION_WORDS[action] ?? `${action}${NARROW}:`
  return isAlone ? words.replace(/(?:\s:|,? pour| de| à)$/, '') : words
}

export type Change = { key: string; before: unknown; after: unknown }

/** What differs between before and after, member by member where both have members; the id of the thing, where it has one. */
export function changesIn({ what, before, after }: Pick<AuditLine, 'what' | 'before' | 'after'>): Change[] {
  const reference = isBareId(what) ? [{ key: 'reference', before: undefined, after: what }] : []
  return [...differencesIn(before, after), ...reference]
}

function differencesIn(before: unknown, after: unknown): Change[] {
  const [left, right] = [membersOf(before), membersOf(after)]
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  return keys
    .map((key) => ({ key, before: left[key], after: right[key] }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}

const membersOf = (value: unknown): Record<string, unknown> => {
  if (value == null) return {}
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { valeur: value } // an object has members
}
