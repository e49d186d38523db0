import { dateInWords } from '../staff/date.ts'
import type { FaultWords } from '../veille/fault-words.ts'

/** `isSaidDaily`: the box says it again each day for as long as it lasts; else it happened, and that is all. */
type GateWords = FaultWords & { isSaidDaily?: true; more?: (about: string) => string | null }

const LISTS = 'Rien à faire au musée, où les portes continuent avec ce qu’elles ont.'
const SIGNER = 'L’administrateur vérifie au centre qui publie, le certificat du signataire des billets et ses dates.'
const ROWS = 'Un technicien compare le boîtier avec son étiquette, et lit pourquoi dans le journal de la passerelle.'
const DISK = 'Un technicien vérifie le disque de la passerelle et le remplace s’il faiblit.'

/** What a box of a museum gives alarm for about itself, by its cause: what happened, and who heals it and how. */
export const GATE_WORDS: Record<string, GateWords> = {
  'catalogue-missing': {
    title: 'aucun tarif reçu du centre',
    advice: 'Aucun billet n’y est reconnu. L’administrateur vérifie au centre le certificat du signataire des billets.',
    isSaidDaily: true,
  },
  'lists-old': {
    title: 'des listes de billets de plus d’un jour',
    advice: `${LISTS} Un billet annulé depuis y passe encore. L’administrateur vérifie au centre le service des billets.`,
    isSaidDaily: true,
  },
  'keys-ending': {
    title: 'les clés des billets finissent bientôt, et le centre n’en a pas envoyé d’autres',
    advice: `L’administrateur vérifie au centre le coffre et le certificat du signataire des billets, avant cette date.`,
    isSaidDaily: true,
    more: dayIn,
  },
  'certificate-ending': {
    title: 'un certificat de la passerelle finit dans moins d’un mois',
    advice:
      'Un technicien vérifie que la passerelle atteint l’autorité de certification, ou y dépose un nouveau certificat avant cette date.',
    isSaidDaily: true,
    more: (about) => {
      const day = dayIn(about)
      if (day === null) return null
      return `${about.startsWith('unit') ? 'liaison avec le centre' : 'page du personnel et passages'}, ${day}`
    },
  },
  'revocations-old': {
    title: 'plus de nouvelle liste des accès retirés depuis une semaine',
    advice:
      'La passerelle tient à la dernière, et laisse entrer qui a été retiré depuis. Un technicien vérifie qu’elle atteint l’autorité de certification.',
    isSaidDaily: true,
  },
  'list-untrusted': {
    title: 'une liste qui n’est pas signée par le centre, écartée',
    advice: `${LISTS} ${SIGNER}`,
  },
  'list-wrong': { title: 'une liste illisible, écartée', advice: `${LISTS} ${SIGNER}` },
  'list-elsewhere': { title: 'la liste d’un autre musée, écartée', advice: `${LISTS} ${SIGNER}` },
  'catalogue-older': {
    title: 'des tarifs plus anciens que ceux en vigueur, écartés',
    advice: `${LISTS} Si le centre revient d’une sauvegarde, les tarifs sont à publier de nouveau. Sinon\u202f: alerter.`,
  },
  'rows-refused': {
    title: 'des lignes de registre refusées, la passerelle les a signalées',
    advice: ROWS,
    more: (about) => about.split(':')[0] ?? null,
  },
  'row-refused': {
    title: 'des lignes de registre de la passerelle refusées par le centre',
    advice: 'L’administrateur lit pourquoi parmi les messages écartés du centre. La passerelle garde ces lignes.',
  },
  'ledger-untaken': { title: 'des lignes de registre refusées par la passerelle', advice: ROWS },
  'ledger-damaged': {
    title: 'le registre de la passerelle était abîmé, ce qui s’en lisait a été repris',
    advice: DISK,
  },
  'ledger-taken-back': {
    title: 'la passerelle a repris ses lignes de registre auprès des passages',
    advice: `Les entrées sont revenues. ${DISK}`,
  },
  'unit-revoked': {
    title: 'un boîtier dont l’accès a été retiré se présente',
    advice: 'Le débrancher au musée, ou l’enrôler de nouveau s’il doit servir.',
    more: (about) => about,
  },
  'overrides-beyond-quota': {
    title: 'plus de dérogations que le quota, faites par un téléphone seul',
    advice: 'Personne ne pouvait les refuser sur le moment. En parler avec l’équipe, rapport de la journée en main.',
  },
}

function dayIn(about: string): string | null {
  const [date] = /\d{4}-\d\d-\d\d/.exec(about) ?? []
  return date === undefined ? null : `le ${dateInWords(date)}`
}
