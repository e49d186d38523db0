import { describe, expect, test } from 'vitest'
import { NOW, presetOf } from './webcam.fixture.ts'
import {
  ageInWords,
  altitudeInWords,
  captionOf,
  countInWords,
  dayInWords,
  everyInWords,
  HARD,
  inPrint,
  momentInWords,
  NARROW,
  numberInWords,
  pictureInWords,
  placesInWords,
  rhythmInWords,
  tallyInWords,
  timeOfDay,
} from './wording.ts'

/** What is written, with plain spaces for the narrow and the hard ones. */
const plain = (text: string) => text.replaceAll(NARROW, ' ').replaceAll(HARD, ' ')
const at = (iso: string) => Date.parse(iso)

describe('times', () => {
  test('are those of the clocks of the département, in summer and in winter', () => {
    expect(plain(timeOfDay(at('2026-11-21T13:05:20Z')))).toBe('14 h 05')
    expect(plain(timeOfDay(at('2026-07-14T22:30:00Z')))).toBe('00 h 30')
  })

  test('stay on one line', () => {
    expect(timeOfDay(NOW)).toBe(`14${HARD}h${HARD}05`)
  })

  test('have their day when it is not today', () => {
    expect(plain(momentInWords(NOW, NOW))).toBe('14 h 05')
    expect(plain(momentInWords(at('2026-11-20T23:30:00Z'), NOW))).toBe('00 h 30')
    expect(plain(momentInWords(at('2026-11-20T22:30:00Z'), NOW))).toBe('hier, 23 h 30')
    expect(plain(momentInWords(at('2026-11-19T12:00:00Z'), NOW))).toBe('jeudi 19 novembre, 13 h 00')
  })

  test('know yesterday on the days on which the clocks change', () => {
    // 25 October 2026 has 25 hours, 29 March 2026 has 23.
    expect(plain(momentInWords(at('2026-10-24T10:00:00Z'), at('2026-10-25T22:30:00Z')))).toBe('hier, 12 h 00')
    expect(plain(momentInWords(at('2026-03-28T22:30:00Z'), at('2026-03-29T21:30:00Z')))).toBe('hier, 23 h 30')
    expect(plain(momentInWords(at('2026-03-28T22:30:00Z'), at('2026-03-29T22:30:00Z')))).toMatch(/^samedi 28 mars/)
  })

  test('say the first of a month as French people do', () => {
    expect(plain(dayInWords(at('2026-02-01T12:00:00Z')))).toBe('dimanche 1er février')
    expect(plain(dayInWords(at('2026-11-22T12:00:00Z')))).toBe('dimanche 22 novembre')
  })
})

describe('ages', () => {
  const ago = (seconds: number) => plain(ageInWords(NOW - seconds * 1000, NOW))

  test('are in minutes for an hour, then the moment itself', () => {
    expect([0, 59, 60, 3 * 60 + 59, 59 * 60].map(ago)).toEqual([
      'à l’instant',
      'à l’instant',
      'il y a 1 min',
      'il y a 3 min',
      'il y a 59 min',
    ])
    expect(ago(3600)).toBe('13 h 05')
    expect(ago(15 * 3600)).toBe('hier, 23 h 05')
  })

  test('of a picture from a clock that is ahead never count backwards', () => {
    expect(ago(-30)).toBe('à l’instant')
  })
})

describe('the caption of a picture', () => {
  const caption = (...view: Parameters<typeof presetOf>) => {
    const { word, when, unchanged, remark } = captionOf(presetOf(...view), NOW)
    return [word, when, unchanged, remark].filter((part) => part !== null).map(plain)
  }

  test('says nothing but the time while it is fresh or late', () => {
    expect(caption('fresh', 190)).toEqual(['il y a 3 min'])
    expect(caption('late', 190)).toEqual(['il y a 3 min'])
  })

  test('says that an old picture is old, and from when', () => {
    expect(caption('stale', 22 * 60)).toEqual(['image ancienne :', '13 h 43'])
  })

  test('says the word first when the site is off line, and when the last picture was taken', () => {
    expect(caption('offline', 26 * 3600)).toEqual(['hors ligne', 'dernière image : hier, 12 h 05'])
    expect(caption('offline', null)).toEqual(['hors ligne', 'aucune image reçue'])
    expect(caption('maintenance', 7200)).toEqual(['en maintenance', 'dernière image : 12 h 05'])
    expect(caption('withdrawn', 60)).toEqual(['retirée', 'image non diffusée'])
  })

  test('doubts a time that the unit or the cloud doubts', () => {
    const estimated = { clock: 'estimated', seenClock: 'estimated' } as const
    expect(caption('fresh', 190, estimated)).toEqual(['il y a environ 3 min', 'heure estimée'])
    expect(caption('stale', 22 * 60, estimated)).toEqual(['image ancienne :', '13 h 43 environ', 'heure estimée'])
    expect(caption('late', 190, { clock: 'unknown', seenClock: 'unknown' })).toEqual(['heure incertaine'])
    expect(caption('stale', 190, { ageSeconds: null })).toEqual(['image ancienne :', 'heure incertaine'])
  })

  const taken = (minutesAgo: number) => ({ capturedAt: new Date(NOW - minutesAgo * 60_000).toISOString() })

  test('says both times of a view that was found unchanged: when it was seen, and since when it is the same', () => {
    expect(caption('fresh', 70, taken(15))).toEqual(['vue il y a 1 min', 'inchangée depuis 13 h 50'])
    expect(caption('fresh', 5, taken(15))).toEqual(['vue à l’instant', 'inchangée depuis 13 h 50'])
    expect(caption('late', 70 * 60, taken(90))).toEqual(['vue à 12 h 55', 'inchangée depuis 12 h 35'])
    expect(caption('stale', 1320, taken(90))).toEqual(['image ancienne :', '13 h 43', 'inchangée depuis 12 h 35'])
    expect(caption('offline', 1320, taken(24 * 60))).toEqual([
      'hors ligne',
      'dernière image : 13 h 43',
      'inchangée depuis hier, 14 h 05',
    ])
  })

  test('says one time where both are the same to a reader, or where one of them is not known', () => {
    expect(caption('fresh', 15, { capturedAt: new Date(NOW - 20_000).toISOString() })).toEqual(['à l’instant'])
    expect(caption('late', 70, { ...taken(15), clock: 'unknown' })).toEqual(['il y a 1 min'])
    expect(caption('fresh', 70, { ...taken(15), clock: 'estimated' })).toEqual([
      'vue il y a 1 min',
      'inchangée depuis 13 h 50 environ',
      'heure estimée',
    ])
  })

  test('says in plain words what is wrong with the picture, and why there is nothing newer', () => {
    expect(caption('fresh', 20, { doubts: ['picture-blurred'] })).toEqual([
      'à l’instant',
      'image peu lisible : objectif givré ou embué',
    ])
    expect(caption('fresh', 20, { doubts: ['picture-black', 'of-another-day', 'of-next-year'] })).toEqual([
      'à l’instant',
      'image trop sombre, image douteuse',
    ])
    expect(caption('stale', 1320, { withheld: 'view-moved' })).toEqual([
      'image ancienne :',
      '13 h 43',
      'la webcam a bougé',
    ])
    expect(caption('offline', null, { withheld: 'picture-not-road' })).toEqual([
      'hors ligne',
      'aucune image reçue',
      'la webcam ne montre plus la route',
    ])
    expect(caption('withdrawn', 60, { doubts: ['picture-black'] })).toEqual(['retirée', 'image non diffusée'])
  })

  test('has a sentence below it that says what is to be expected', () => {
    const rhythm = (...view: Parameters<typeof presetOf>) => plain(rhythmInWords(presetOf(...view), NOW))
    const nextExpectedAt = new Date(NOW + 40_000).toISOString()
    expect(rhythm('fresh', 20, { nextExpectedAt })).toBe('Une image toutes les minutes, la prochaine vers 14 h 06.')
    expect(rhythm('late', 90)).toBe('Une image toutes les minutes.')
    expect(rhythm('fresh', 20, { ...taken(15), intervalSeconds: 300, nextExpectedAt })).toBe(
      'La vue n’a pas changé depuis 13 h 50 : la webcam vérifie toutes les 5 min.',
    )
    expect(rhythm('stale', 1320, { withheld: 'view-moved', nextExpectedAt })).toMatch(
      /^La webcam a bougé : .* remise en place\.$/,
    )
  })

  test('in a sentence is a text alternative', () => {
    expect(plain(pictureInWords(presetOf('fresh', 70, { ...taken(15), doubts: ['picture-black'] }), NOW))).toBe(
      'image, vue à 14 h 04, inchangée depuis 13 h 50, image trop sombre',
    )
    expect(plain(pictureInWords(presetOf('fresh', 190), NOW))).toBe('image, 14 h 02')
    expect(plain(pictureInWords(presetOf('stale', 1320), NOW))).toBe('image ancienne, 13 h 43')
    expect(plain(pictureInWords(presetOf('offline', null), NOW))).toBe('hors ligne')
  })
})

describe('numbers', () => {
  test('have narrow spaces between thousands, a comma, a minus and their unit', () => {
    expect(altitudeInWords(2247)).toBe(`2${NARROW}247${HARD}m`)
    expect(plain(numberInWords(1234567.89))).toBe('1 234 567,9')
    expect(numberInWords(-12.5)).toBe('−12,5')
  })

  test('count as French people do: nought and one are singular', () => {
    expect(plain(countInWords(0, 'lieu', 'lieux'))).toBe('0 lieu')
    expect(plain(countInWords(1, 'lieu', 'lieux'))).toBe('1 lieu')
    expect(plain(countInWords(2, 'lieu', 'lieux'))).toBe('2 lieux')
    expect(countInWords(0, 'lieu', 'lieux', 'aucun lieu')).toBe('aucun lieu')
  })

  test('say how often', () => {
    expect([60, 300, 30].map(everyInWords).map(plain)).toEqual([
      'toutes les minutes',
      'toutes les 5 min',
      'toutes les 30 s',
    ])
  })

  test('tell how many are how, and leave out what is not', () => {
    expect(plain(tallyInWords(['fresh', 'late', 'fresh', 'offline', 'stale', 'stale']))).toBe(
      '2 en direct, 1 en retard, 2 images anciennes, 1 hors ligne',
    )
    expect(plain(placesInWords(['fresh', 'fresh']))).toBe('2 lieux, tous en direct')
    expect(plain(placesInWords(['fresh', 'late']))).toBe('2 lieux : 1 en direct, 1 en retard')
  })
})

test('names are printed with the apostrophe of print', () => {
  expect(inPrint("Col d'Allos")).toBe('Col d’Allos')
})
