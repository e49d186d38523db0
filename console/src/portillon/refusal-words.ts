import { Refused } from '../api/refused.ts'
import { NARROW } from '../look/wording.ts'
import { NoOverrideLeft } from './phone/decide-here.ts'
import { NoList } from './scan/ask-decision.ts'

/** What a refusal of the gateway means, for somebody who has a visitor before them. */
const WORDS: Record<string, string> = {
  'pass-needed': 'Cet appareil n’est plus appairé. Demandez un nouveau laissez-passer au guichet.',
  'pass-refused': 'Ce laissez-passer n’est pas reconnu, ou il est terminé. Faites-en un nouveau au guichet.',
  'out-of-scope': 'Ce laissez-passer est pour un autre musée.',
  'not-allowed': 'Votre rôle ne le permet pas.',
  'lane-unknown': 'Ce passage n’existe plus. Rechargez la page.',
  'lane-refused': 'Le passage a refusé. Allez voir sur place.',
  'lane-silent': 'Le passage ne répond pas. Allez voir sur place.',
  'quota-used-up': 'Vous n’avez plus de dérogation pour aujourd’hui. Demandez au superviseur.',
  'too-late': `Les 30 secondes sont passées${NARROW}: l’entrée compte.`,
  'not-yours': 'Seule la personne qui a décidé peut l’annuler.',
  'nothing-to-undo': 'Il n’y a rien à annuler.',
  'no-catalogue': 'La passerelle n’a encore reçu aucun tarif. Ouvrez les passages à la main.',
  'ledger-failing': 'La passerelle ne peut plus rien écrire. Ouvrez à la main, et prévenez le technicien.',
  'ticket-unknown': 'Rien n’est connu de ce billet.',
  'conflict-unknown': 'Ce conflit n’existe plus. Rechargez la page.',
  'parameters-wrong': 'Un champ n’est pas rempli comme il faut.',
  'too-many-requests': 'Trop d’essais. Attendez quelques secondes.',
}

export function refusalInFrench(problem: unknown): string {
  if (problem instanceof NoOverrideLeft) return WORDS['quota-used-up'] ?? ''
  if (problem instanceof NoList)
    return 'La passerelle est hors de portée, et ce téléphone n’a pas de liste. Les passages décident seuls.'
  if (problem instanceof Refused) return WORDS[problem.problem] ?? 'La passerelle n’a pas pu le faire. Réessayez.'
  if (problem instanceof DOMException && problem.name === 'NotSupportedError')
    return 'Ce navigateur ne sait pas vérifier un billet sans la passerelle. Envoyez le visiteur à un passage.'
  return 'La passerelle ne répond pas. Vérifiez le Wi-Fi du musée, puis réessayez.'
}
