import type { SiteConfiguration } from '../api/configuration.ts'
import { HARD, NARROW, numberInWords } from '../look/wording.ts'

type Condition = SiteConfiguration['condition']

/** In a word how far the desired configuration has come, and what that asks of whoever reads it. */
export const CONDITION_WORDS: Record<Condition, { title: string; advice: string }> = {
  runs: { title: 'En service', advice: 'Le boîtier suit les réglages souhaités.' },
  tried: {
    title: 'À l’essai',
    advice: `Le boîtier essaie les réglages pendant une minute${NARROW}; s’ils ne tiennent pas, il revient aux précédents.`,
  },
  refused: { title: 'Refusés par le boîtier', advice: 'Il garde les derniers réglages qui marchaient.' },
  awaited: {
    title: 'En attente du boîtier',
    advice: 'Il les recevra dès qu’il sera connecté, et les essaiera aussitôt.',
  },
  'never-heard': {
    title: 'Boîtier jamais entendu',
    advice: 'Aucun boîtier de ce site ne s’est encore connecté. Les réglages l’attendent.',
  },
  'not-published': {
    title: 'Pas encore publiés',
    advice:
      'Ils sont gardés mais ne partent pas. Vérifier le certificat qui signe les réglages, et que le boîtier s’est déjà connecté.',
  },
}

export const DOCUMENT_WORDS = {
  site: 'Lieu',
  camera: 'Caméras',
  lane: 'Passages',
  masks: 'Masques',
  schedule: 'Cadences',
  budget: 'Budget de la carte SIM',
} as const
export type DocumentName = keyof typeof DOCUMENT_WORDS

/** One of a list, counted from one as people do. */
const LIST_WORDS: Record<string, string> = {
  cameras: 'caméra',
  presets: 'vue',
  views: 'vue',
  zones: 'zone',
  lanes: 'passage',
}

const KEY_WORDS: Record<string, string> = {
  name: 'nom',
  road: 'route',
  kind: 'genre',
  latitude: 'latitude',
  longitude: 'longitude',
  altitudeM: 'altitude',
  wave: 'année de pose',
  needsTwoPeople: 'deux personnes pour les ordres dangereux',
  profile: 'modèle',
  picture: 'image',
  widthPx: 'largeur',
  quality: 'qualité',
  wholeEveryS: 'image entière au moins toutes les',
  tour: 'ronde',
  home: 'vue de repos',
  dwellS: 'temps par vue',
  access: 'accès',
  url: 'adresse',
  user: 'utilisateur',
  password: 'mot de passe',
  label: 'libellé',
  at: 'nom dans la caméra',
  masks: 'masques',
  version: 'version',
  approvedOn: 'approuvés le',
  fill: 'remplissage',
  polygon: 'contour',
  schedule: 'cadence',
  intervalS: 'de jour',
  nightIntervalS: 'de nuit',
  winter: 'en hiver',
  from: 'du',
  until: 'au',
  watchedIntervalS: 'en suivi rapproché',
  thriftyIntervalS: 'en mode économe',
  historyBytesPerHour: 'rattrapage par heure',
  unit: 'boîtier',
  direction: 'sens',
  reader: 'lecteur',
  exitReader: 'lecteur de sortie',
  board: 'carte d’entrées-sorties',
  port: 'port',
  address: 'adresse Modbus',
  wiring: 'câblage',
  pulseA: 'ordre A',
  pulseB: 'ordre B',
  passA: 'retour de passage A',
  passB: 'retour de passage B',
  pass: 'retours de passage',
  ready: 'prêt',
  alarm: 'alarme',
  fire: 'incendie',
  green: 'feu vert',
  red: 'feu rouge',
  sound: 'avertisseur',
  atRest: 'contacts au repos',
  timings: 'durées',
  pulseMs: 'impulsion',
  grantS: 'attente d’une personne',
  wideGrantS: 'attente au portillon large',
  longS: 'rotation longue',
  stuckS: 'bras bloqué',
  companion: 'accompagnateur admis',
  gateway: 'passerelle',
  page: 'page de l’accueil',
}

/** A place in the documents, in words: "Cadences › caméra 1 › cadence › de nuit". What has no word keeps its name. */
export function placeInWords(place: string): string {
  const [document = '', ...steps] = place.split('.')
  const first = Object.hasOwn(DOCUMENT_WORDS, document) ? DOCUMENT_WORDS[document as DocumentName] : document
  return [first, ...steps.map(stepInWords)].join(' › ')
}

function stepInWords(step: string): string {
  const [, name = step, index] = /^(\w+)(?:\[(\d+)\])?$/.exec(step) ?? []
  if (index !== undefined) return `${LIST_WORDS[name] ?? name} ${Number(index) + 1}`
  return KEY_WORDS[name] ?? name
}

/** A value as people read it; what is made of many numbers is only counted. */
export function valueInWords(place: string, value: unknown): string {
  if (value === undefined || value === null) return '—'
  if (typeof value === 'boolean') return value ? 'oui' : 'non'
  if (typeof value === 'number') return numberInWords(value) + unitOf(place)
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => Array.isArray(one))) return `${value.length}${HARD}points`
  return JSON.stringify(value)
}

function unitOf(place: string): string {
  if (/S$/.test(place)) return `${HARD}s`
  if (/Ms$/.test(place)) return `${HARD}ms`
  if (/Px$/.test(place)) return `${HARD}px`
  if (/altitudeM$/.test(place)) return `${HARD}m`
  return /Bytes/.test(place) ? `${HARD}octets` : ''
}

/** Whoever made a version. */
export const whoInWords = (who: string): string => (who === 'fleet-folder' ? 'le dossier du parc' : who)
