import type { Refused } from '../../api/refused.ts'
import { refusalInWords } from '../../office/refusal-words.ts'

/** Why the authority did not take a claim (gateway-broker/contract/src/office.ts), and what to do about it. */
const CLAIMS: Record<string, string> = {
  'claim-unknown': 'Ce code n’existe pas. Relisez l’étiquette.',
  'claim-expired': 'Ce code a expiré. Demandez-en un nouveau au bureau.',
  'claim-withdrawn': 'Ce code a été retiré. Demandez-en un nouveau au bureau.',
  'claim-of-another-unit': 'Ce code est celui d’un autre boîtier. Relisez l’étiquette.',
  'claim-of-another-site': 'Ce code est déjà lié à un autre site. Vérifiez le site, ou demandez un nouveau code.',
  'second-use': 'Ce code a déjà servi. Demandez-en un nouveau au bureau, et dites-le-leur.',
}

/** In French, what a technician can do about something that the cloud will not have. */
export function whyRefused(refused: Refused): string {
  const { reason } = refused.members
  if (refused.problem === 'claim-refused' && typeof reason === 'string') return CLAIMS[reason] ?? CLAIM_REFUSED
  return refusalInWords(refused)
}

const CLAIM_REFUSED = 'Ce code n’est pas accepté. Relisez l’étiquette, ou demandez un nouveau code au bureau.'
