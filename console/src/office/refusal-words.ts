import { Refused } from '../api/refused.ts'
import { HARD, NARROW } from '../look/wording.ts'

/** What a form says when the cloud refuses it: what the person can do, never why a door is shut. */
const WORDS: Record<string, string> = {
  'sign-in-refused': 'Ce nom et ce mot de passe n’ouvrent aucun compte. Vérifiez les deux, puis réessayez.',
  'sign-in-needed': 'Votre session est terminée. Connectez-vous de nouveau.',
  'second-factor-refused': 'Ce code ne convient pas, ou il a déjà servi. Attendez le suivant.',
  'confirmation-refused': 'Cela ne correspond pas. Vérifiez, puis réessayez.',
  'last-administrator': `Il faut qu’il reste un administrateur${NARROW}: donnez d’abord ce rôle à quelqu’un d’autre.`,
  'passkey-refused': 'Cette clé d’accès n’a pas pu être enregistrée. Recommencez.',
  'email-taken': 'Quelqu’un a déjà cette adresse.',
  'person-unknown': 'Ce compte n’existe plus. Rechargez la page.',
  'invitation-unknown': 'Cette invitation a déjà servi, ou elle a été retirée.',
  'session-unknown': 'Cette session est déjà fermée.',
  'confirmation-needed': 'Confirmez d’abord que c’est bien vous.',
  'origin-foreign': 'Cette page n’est pas à l’adresse prévue. Ouvrez-la par l’adresse officielle de Vigie.',
  'link-void': `Ce lien ne s’ouvre plus${NARROW}: il a déjà servi, ou il est trop ancien. Demandez-en un nouveau.`,
  'vault-missing': `Ce centre ne peut garder aucun code de téléphone${NARROW}: sa clé de coffre manque. Prenez une clé d’accès, ou prévenez qui tient le serveur.`,
  'name-taken': 'Quelqu’un porte déjà cet identifiant. Choisissez-en un autre.',
  'not-allowed': 'Votre rôle ne le permet pas.',
  'out-of-scope': 'Votre rôle ne le permet pas pour ce site.',
  'second-factor-needed': `Votre rôle demande un second facteur${NARROW}: activez-le dans votre compte.`,
  'configuration-outdated':
    'Quelqu’un a changé ces réglages entre-temps. Abandonnez, lisez sa version, puis reprenez votre changement.',
  'commissioning-open': 'Une pose est déjà ouverte pour ce site. La terminer ou la reprendre d’abord.',
  'commissioning-unknown': 'Cette pose n’existe plus. Commencez-en une nouvelle.',
  'commissioning-closed': 'Cette pose est terminée. Pour changer quelque chose, commencez-en une nouvelle.',
  'site-taken': 'Ce site, ou ce boîtier, est déjà pris. Choisissez le site dans la liste.',
  'site-unknown': 'Ce site n’existe pas, ou n’existe plus.',
  'unit-unknown': 'Ce boîtier ne s’est jamais enrôlé.',
  'alarm-unknown': 'Cette alarme n’existe plus. Rechargez la page.',
  'claim-unknown': 'Ce code n’existe plus. Rechargez la page.',
  'museum-unknown': 'Ce musée ne vend pas de billets, ou n’existe plus.',
  'order-unknown': 'Cette commande n’existe pas dans ce musée, ou plus aucun de ses billets n’est valable.',
  'ticket-unknown': 'Ce billet n’existe pas dans ce musée.',
  'seller-unknown': 'Ce vendeur n’est pas connu pour ce musée, ou n’envoie que des fichiers.',
  'seller-unreachable': 'Le vendeur ne répond pas. Réessayez dans une minute, ou importez un fichier.',
  'slot-full': 'Il n’y a plus assez de places à cette heure. Proposez un autre créneau.',
  'tickets-not-ready': 'Le centre ne peut signer aucun billet pour le moment. Prévenez qui tient le serveur.',
  'version-unknown': 'Cette version n’existe pas. Rechargez la page.',
  'passkey-unknown': 'Cette clé d’accès est déjà retirée. Rechargez la page.',
  'not-published': 'Rien n’a encore été publié pour ce site.',
  'parameters-wrong': 'Un champ n’est pas rempli comme il faut.',
  'not-ready': 'Le centre ne peut pas répondre pour le moment. Réessayez dans quelques secondes.',
}

const WEAKNESS: Record<string, string> = {
  'too-short': 'Il faut au moins douze caractères.',
  'holds-name': 'Sans votre nom, il reste trop peu de caractères. Choisissez autre chose.',
  guessable: `Il se devine trop vite${NARROW}: mots courants, suites de touches ou dates. Prenez des mots sans rapport entre eux.`,
}

/** One sentence for what went wrong, also when the cloud is not there at all. */
export function refusalInWords(problem: unknown): string {
  // What browsers say when somebody gives up, or lets the time pass (WebAuthn §5.1.3).
  if (problem instanceof Error && problem.name === 'NotAllowedError')
    return 'Aucune clé d’accès n’a été donnée. Réessayez quand vous voulez.'
  if (!(problem instanceof Refused)) return 'Le centre ne répond pas. Vérifiez la connexion, puis réessayez.'
  if (problem.problem === 'sign-in-paused') return `Trop d’essais. Réessayez ${waitInWords(problem.retryAfterS)}.`
  if (problem.problem === 'password-weak')
    return WEAKNESS[String(problem.members['reason'])] ?? WORDS['parameters-wrong'] ?? ''
  return WORDS[problem.problem] ?? `Le centre n’a pas pu le faire. L’incident est noté${NARROW}; réessayez plus tard.`
}

function waitInWords(seconds: number | null): string {
  if (seconds === null) return 'plus tard'
  return seconds < 60 ? `dans ${seconds}${HARD}s` : `dans ${Math.ceil(seconds / 60)}${HARD}min`
}
