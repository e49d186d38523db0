import type { Claim, FleetUnit, RevocationReason } from '../api/schemas.ts'
import type { GlyphName } from '../look/glyph.tsx'
import { HARD, inPrint, numberInWords, sinceInWords } from '../look/wording.ts'
import type { Standing } from './standing.ts'

export const STANDING_WORDS: Record<Standing, { one: string; many: string; glyph: GlyphName }> = {
  revoked: { one: 'révoqué', many: 'révoqués', glyph: 'withdrawn' },
  expired: { one: 'certificat expiré', many: 'certificats expirés', glyph: 'failing' },
  offline: { one: 'hors ligne', many: 'hors ligne', glyph: 'offline' },
  'renewal-late': { one: 'renouvellement en retard', many: 'renouvellements en retard', glyph: 'late' },
  unheard: { one: 'jamais entendu', many: 'jamais entendus', glyph: 'doubted' },
  online: { one: 'en liaison', many: 'en liaison', glyph: 'fresh' },
  away: { one: 'hors du parc', many: 'hors du parc', glyph: 'maintenance' },
}

/** What a box does where several stand: "Tripode de gauche", "Passerelle". Null where it stands alone. */
export function partInWords({ isAtMuseum, lanes }: Pick<FleetUnit, 'isAtMuseum' | 'lanes'>): string | null {
  if (lanes.length > 0) return lanes.map(inPrint).join(', ')
  return isAtMuseum ? 'Passerelle' : null
}

const DAY_MS = 86_400_000
/** Nearer than this, the days are counted: a renewal that comes by itself has had its time. */
const COUNTED_BELOW_DAYS = 60
const dates = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})

/** "24 mai 2027", "1er mai 2027". */
export const dateInWords = (at: number): string => dates.format(at).replace(/^1\s/, '1er ').replaceAll(/\s/g, HARD)

/** "révoqué le 3 mai 2026", "jusqu’au 24 mai 2027", "expire dans 12 j", "expiré depuis le 3 mai 2026". */
export function certificateInWords(
  { certificateEndsAt: endsAt, revokedAt }: Pick<FleetUnit, 'certificateEndsAt' | 'revokedAt'>,
  now: number,
): string {
  if (revokedAt !== null) return `révoqué le ${dateInWords(Date.parse(revokedAt))}`
  if (endsAt === null) return 'aucun connu'
  const at = Date.parse(endsAt)
  const days = Math.ceil((at - now) / DAY_MS)
  if (days <= 0) return `expiré depuis le ${dateInWords(at)}`
  return days < COUNTED_BELOW_DAYS ? `expire dans ${numberInWords(days)}${HARD}j` : `jusqu’au ${dateInWords(at)}`
}

/** "en liaison depuis 08 h 12", "hors ligne depuis hier, 22 h 40, liaison perdue". */
export function presenceInWords({ presence, since, reason }: FleetUnit, now: number): string {
  if (since === null) return 'jamais entendu'
  const from = `depuis ${sinceInWords(Date.parse(since), now)}`
  if (presence === 'online') return `en liaison ${from}`
  if (presence === 'unknown') return `sans nouvelle ${from}`
  return `hors ligne ${from}${reason === null ? '' : `, ${reason === 'lost' ? 'liaison perdue' : 'arrêté sur demande'}`}`
}

export const NOTHING_KNOWN = 'inconnu'

/** "version 3", "version 3, 4 souhaitée", "version 3, 4 refusée", "version 4 attendue". */
export function configurationInWords({ configuration }: Pick<FleetUnit, 'configuration'>): string {
  if (configuration === null) return 'aucune'
  const { desired, runs, isRefused } = configuration
  if (runs === null) return `version ${desired} attendue`
  const now = runs === 0 ? 'celle de la pose' : `version ${runs}`
  return runs === desired ? now : `${now}, ${desired} ${isRefused ? 'refusée' : 'souhaitée'}`
}

/** Why a unit may be shut out by a person, and how to tell one reason from the next. */
export const REVOCATION_REASONS = ['stolen', 'lost', 'compromised', 'replaced', 'retired'] as const

export const REVOCATION_WORDS: Record<RevocationReason, { one: string; hint: string }> = {
  stolen: { one: 'volé', hint: 'Il a disparu de son poteau.' },
  lost: { one: 'perdu', hint: 'On ne sait plus où il est.' },
  compromised: { one: 'clé peut-être copiée', hint: 'Quelqu’un a pu lire son disque.' },
  replaced: { one: 'remplacé', hint: 'Un autre boîtier a pris sa place.' },
  retired: { one: 'mis au rebut', hint: 'Il ne servira plus.' },
  superseded: { one: 'certificat remplacé', hint: 'Un certificat plus récent l’a remplacé.' },
}

export const CLAIM_WORDS: Record<Claim['state'], string> = {
  open: 'à rattacher à un site',
  bound: 'rattaché, le boîtier peut s’enrôler',
  used: 'utilisé',
  expired: 'expiré',
  withdrawn: 'retiré',
}
