/** Everything the pages say of times, numbers and states, in French. console/src/look/wording.ts says the same. */

/** Narrow no-break space: before : ; ! ? % and between thousands. */
export const NARROW = '\u202f'
/** No-break space: between a number and its unit. */
export const HARD = '\u00a0'

const ZONE = 'Europe/Paris'
const MINUTE_S = 60
const HOUR_S = 3600

/** The words of GLOSSARY.md; each state has one and keeps it everywhere. */
export const FRESHNESS_WORDS = {
  fresh: 'en direct',
  late: 'en retard',
  stale: 'image ancienne',
  offline: 'hors ligne',
  maintenance: 'en maintenance',
  withdrawn: 'retirée',
} as const

export const KIND_WORDS = {
  col: { one: 'col', many: 'Cols' },
  station: { one: 'station', many: 'Stations' },
  ville: { one: 'ville', many: 'Villes' },
  carrefour: { one: 'carrefour', many: 'Carrefours' },
  tunnel: { one: 'tunnel', many: 'Tunnels et clues' },
} as const

const numbers = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 })
const times = new Intl.DateTimeFormat('fr-FR', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hour12: false })
const days = new Intl.DateTimeFormat('fr-FR', { timeZone: ZONE, weekday: 'long', day: 'numeric', month: 'long' })
const dates = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE })

/** "2 247", "12,5": thousands apart, decimals after a comma. */
export const numberInWords = (value: number): string =>
  numbers.format(value).replaceAll(/\s/g, NARROW).replace('-', '−')

/** "2 247 m". */
export const altitudeInWords = (metres: number): string => `${numberInWords(metres)}${HARD}m`

/** "14 h 05", at the clocks of the département. */
export function timeOfDay(at: number): string {
  const part = partsOf(times, at)
  return `${part('hour')}${HARD}h${HARD}${part('minute')}`
}

/** "samedi 22 novembre", "dimanche 1er février". */
export function dayInWords(at: number): string {
  const part = partsOf(days, at)
  const day = part('day')
  return `${part('weekday')} ${day === '1' ? '1er' : day}${HARD}${part('month')}`
}

/** A moment, with its day when that is not today: "14 h 05", "hier, 14 h 05", "jeudi 20 novembre, 14 h 05". */
export function momentInWords(at: number, now: number): string {
  if (dates.format(at) === dates.format(now)) return timeOfDay(at)
  const isYesterday = dates.format(at) === dates.format(middayBefore(now))
  return `${isYesterday ? 'hier' : dayInWords(at)}, ${timeOfDay(at)}`
}

const NOW = 'à l’instant'

/** How long ago: "à l’instant", "il y a 3 min", then the moment itself, which reads faster than a sum. */
export function ageInWords(at: number, now: number): string {
  const ageS = Math.max(0, (now - at) / 1000)
  if (ageS < MINUTE_S) return NOW
  if (ageS < HOUR_S) return `il y a ${Math.floor(ageS / MINUTE_S)}${HARD}min`
  return momentInWords(at, now)
}

/** After "depuis": "14 h 05", "hier, 14 h 05", "le jeudi 20 novembre, 14 h 05". */
export function sinceInWords(at: number, now: number): string {
  const moment = momentInWords(at, now)
  return moment.startsWith(dayInWords(at)) ? `le ${moment}` : moment
}

/** What a unit doubts of a picture, by code, for somebody who drives. */
export const DOUBT_WORDS: Record<string, string> = {
  'picture-black': 'image trop sombre',
  'picture-overexposed': 'webcam éblouie',
  'picture-blurred': `image peu lisible${NARROW}: objectif givré ou embué`,
}
const DOUBT_UNKNOWN = 'image douteuse'

/**
 * Why pictures are held back, for somebody who drives: on the picture, and below it with when there will be more, in two
 * lines of a phone.
 */
export const WITHHELD_WORDS = {
  'picture-frozen': {
    short: 'la webcam est bloquée',
    why: 'La webcam est bloquée sur une image. La suite viendra quand elle sera relancée.',
  },
  'view-moved': {
    short: 'la webcam a bougé',
    why: `La webcam a bougé${NARROW}: pas de nouvelle image tant qu’elle n’est pas remise en place.`,
  },
  'picture-not-road': {
    short: 'la webcam ne montre plus la route',
    why: 'La webcam ne montre plus la route. Les images reviendront après réparation.',
  },
} as const

type State = keyof typeof FRESHNESS_WORDS
type Clock = 'synchronised' | 'estimated' | 'unknown'

/** What a caption needs of a view, as the API gives it. */
export type Captioned = {
  freshness: State
  /** ISO 8601: when the picture was taken; null when none ever came. */
  capturedAt: string | null
  clock: Clock | null
  /** ISO 8601: when the camera last showed the same. */
  seenAt: string | null
  seenClock: Clock | null
  /** Since `seenAt`; null when that time cannot be true. */
  ageSeconds: number | null
  /** Codes. */
  doubts: readonly string[]
  withheld: keyof typeof WITHHELD_WORDS | null
}

/**
 * What stands on a picture: the word of its state, unless the picture speaks for itself; when it was last seen; since
 * when it has not changed, where that is another moment; and what must be known of it besides.
 */
export type Caption = { word: string | null; when: string; unchanged: string | null; remark: string | null }

/** The caption of a view: its age while it is new, the moment when it is not. A doubtful clock makes a doubtful time. */
export function captionOf(view: Captioned, now: number): Caption {
  const { freshness: state } = view
  const word = FRESHNESS_WORDS[state]
  if (state === 'withdrawn') return { word, when: 'image non diffusée', unchanged: null, remark: null }
  const [unchanged, remark] = [unchangedInWords(view, now), remarkInWords(view)]
  const when = whenInWords(view, now)
  if (when === null) return { word, when: 'aucune image reçue', unchanged, remark }
  if (isNew(view)) return { word: null, when, unchanged, remark }
  if (state === 'stale') return { word: `${word}${NARROW}:`, when, unchanged, remark }
  return { word, when: `dernière image${NARROW}: ${when}`, unchanged, remark }
}

/** When a view was last seen: "il y a 3 min" while it is new, then the moment. Null when there is no picture. */
export function whenInWords(view: Captioned, now: number): string | null {
  if (!isNew(view)) return seenMoment(view, now, momentInWords)
  const when = seenMoment(view, now, ageInWords)
  return when === null || unchangedInWords(view, now) === null ? when : seenInWords(when)
}

/** "inchangée depuis 14 h 05": when the picture was taken, where it was seen unchanged later. Null where it was not. */
export function unchangedInWords({ capturedAt, clock, seenAt, ...view }: Captioned, now: number): string | null {
  if (capturedAt === null || seenAt === null || view.ageSeconds === null) return null
  if (clock === 'unknown' || view.seenClock === 'unknown') return null
  const since = sinceInWords(Date.parse(capturedAt), now)
  if (Date.parse(seenAt) <= Date.parse(capturedAt) || since === sinceInWords(Date.parse(seenAt), now)) return null
  // Its words stay together, so that a narrow caption breaks between the two times.
  return `inchangée${HARD}depuis${HARD}${since}${clock === 'estimated' ? ' environ' : ''}`
}

/** What else must be known: why there is nothing newer, what is wrong with the picture, that its time is an estimate. */
export function remarkInWords({ doubts, withheld, clock, seenClock }: Captioned): string | null {
  const remarks = [
    ...(withheld === null ? [] : [WITHHELD_WORDS[withheld].short]),
    ...new Set(doubts.map((code) => DOUBT_WORDS[code] ?? DOUBT_UNKNOWN)),
    ...(clock === 'estimated' || seenClock === 'estimated' ? ['heure estimée'] : []),
  ]
  return remarks.length === 0 ? null : remarks.join(', ')
}

/** The picture in a sentence: "image, 14 h 05", "image ancienne, hier, 14 h 05, image trop sombre". */
export function pictureInWords(view: Captioned, now: number): string {
  const when = seenMoment(view, now, momentInWords)
  const [unchanged, remark] = [unchangedInWords(view, now), remarkInWords(view)]
  if (view.freshness === 'withdrawn' || when === null) return FRESHNESS_WORDS[view.freshness]
  return [PICTURE_WORDS[view.freshness], unchanged === null ? when : seenInWords(when), unchanged, remark]
    .filter((part) => part !== null)
    .join(', ')
}

const PICTURE_WORDS: Record<Exclude<State, 'withdrawn'>, string> = {
  fresh: 'image',
  late: 'image en retard',
  stale: 'image ancienne',
  offline: 'hors ligne, dernière image',
  maintenance: 'en maintenance, dernière image',
}

/** What is to be expected of a view, in sentences: how often it is looked at, whether it changes, or why it does not. */
export function rhythmInWords(
  view: Captioned & { intervalSeconds: number; nextExpectedAt: string | null },
  now: number,
): string {
  if (view.withheld !== null) return WITHHELD_WORDS[view.withheld].why
  const every = everyInWords(view.intervalSeconds)
  if (isNew(view) && view.capturedAt !== null && unchangedInWords(view, now) !== null) {
    const since = sinceInWords(Date.parse(view.capturedAt), now)
    return `La vue n’a pas changé depuis ${since}${NARROW}: la webcam vérifie ${every}.`
  }
  const next = view.nextExpectedAt === null ? null : Date.parse(view.nextExpectedAt)
  return `Une image ${every}${next === null || next <= now ? '' : `, la prochaine vers ${momentInWords(next, now)}`}.`
}

const isNew = ({ freshness }: Captioned) => freshness === 'fresh' || freshness === 'late'

/** "vue il y a 3 min", "vue à 14 h 05", "vue hier, 14 h 05". */
const seenInWords = (when: string): string => `vue ${/^\d/.test(when) ? 'à ' : ''}${when}`

/** When a view was last seen. A doubtful clock makes a doubtful time. */
function seenMoment(view: Captioned, now: number, inWords: (at: number, now: number) => string): string | null {
  if (view.seenAt === null) return null
  if (view.ageSeconds === null || view.seenClock === 'unknown') return 'heure incertaine'
  const when = inWords(Date.parse(view.seenAt), now)
  if (view.seenClock !== 'estimated' || when === NOW) return when
  return when.startsWith('il y a ') ? when.replace('il y a ', 'il y a environ ') : `${when} environ`
}

/** "38 en direct, 2 en retard, 1 hors ligne": how many are in each state, the empty ones left out. */
export function tallyInWords(states: readonly State[], between = ', '): string {
  const names = Object.keys(FRESHNESS_WORDS) as State[] // the keys are exactly the states
  return names
    .map((state) => ({ state, count: states.filter((one) => one === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${numberInWords(count)}${HARD}${count > 1 ? SEVERAL[state] : FRESHNESS_WORDS[state]}`)
    .join(between)
}

/** "41 lieux, tous en direct", "41 lieux : 38 en direct, 3 en retard". */
export function placesInWords(states: readonly State[]): string {
  const count = countInWords(states.length, 'lieu', 'lieux')
  if (states.length > 1 && states.every((state) => state === 'fresh')) return `${count}, tous en direct`
  return `${count}${NARROW}: ${tallyInWords(states)}`
}

const SEVERAL: Record<State, string> = { ...FRESHNESS_WORDS, stale: 'images anciennes', withdrawn: 'retirées' }

/** "1 webcam", "41 webcams", "aucune webcam"; French counts 0 and 1 as one. */
export function countInWords(count: number, one: string, many: string, none?: string): string {
  if (count === 0 && none !== undefined) return none
  return `${numberInWords(count)}${HARD}${count < 2 ? one : many}`
}

/** How often: "toutes les minutes", "toutes les 5 min". */
export function everyInWords(seconds: number): string {
  if (seconds === MINUTE_S) return 'toutes les minutes'
  if (seconds % MINUTE_S === 0) return `toutes les ${numberInWords(seconds / MINUTE_S)}${HARD}min`
  return `toutes les ${numberInWords(seconds)}${HARD}s`
}

/** A name as it is printed: "Col d’Allos", with the apostrophe of print. */
export const inPrint = (name: string): string => name.replaceAll("'", '’')

function partsOf(format: Intl.DateTimeFormat, at: number): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = format.formatToParts(at)
  return (type) => parts.find((part) => part.type === type)?.value ?? ''
}

/** Some moment of the day before: 24 hours earlier may be two days earlier, or the same day, when the clocks change. */
function middayBefore(now: number): number {
  const noonToday = Date.parse(`${dates.format(now)}T12:00:00Z`)
  return noonToday - 24 * HOUR_S * 1000
}
