import { configurationProblems } from '@vigie/config-schema/configuration/configuration'
import { expect, test } from 'vitest'
import { messageInWords } from './message-words.ts'
import { placeInWords, valueInWords, whoInWords } from './words.ts'

test('a place is said as people count, and what has no word keeps its name', () => {
  expect(placeInWords('schedule.cameras[0].schedule.nightIntervalS')).toBe('Cadences › caméra 1 › cadence › de nuit')
  expect(placeInWords('masks.views[1].masks.zones[2].polygon')).toBe('Masques › vue 2 › masques › zone 3 › contour')
  expect(placeInWords('lane.lanes[1].board.wiring.passB')).toBe(
    'Passages › passage 2 › carte d’entrées-sorties › câblage › retour de passage B',
  )
  expect(placeInWords('camera.cameras[0].surprise')).toBe('Caméras › caméra 1 › surprise')
})

test('a value has its unit, and what is not there is no word', () => {
  expect(valueInWords('schedule.cameras[0].schedule.intervalS', 1200)).toBe('1\u202f200\u00a0s')
  expect(
    valueInWords('masks.views[0].masks.zones[0].polygon', [
      [0, 0],
      [1, 1],
      [0, 1],
    ]),
  ).toBe('3\u00a0points')
  expect(valueInWords('camera.cameras[0].access.password', true)).toBe('oui')
  expect(valueInWords('site.name', undefined)).toBe('—')
})

test('every mistake that a schema or the documents together can make is said in French', () => {
  const wrong = {
    ...{
      site: { id: 'Allos!', name: '', road: 7, kind: 'plage', latitude: 91, extra: 1 },
      budget: { historyBytesPerHour: 1.5 },
    },
    camera: { cameras: [{ id: 'cam1', picture: { widthPx: 1, quality: 'x' }, presets: [] }] },
    lane: { lanes: 'none' },
    masks: { views: [] },
    schedule: { cameras: [{ camera: 'cam1', schedule: { intervalS: 9_999 } }] },
  }
  const problems = configurationProblems(wrong, 'entered')
  expect(problems.length).toBeGreaterThan(10)
  expect(problems.filter(({ message }) => messageInWords(message) === null)).toEqual([])
})

test('a version that came from the files says so', () => {
  expect(whoInWords('fleet-folder')).toBe('le dossier du parc')
  expect(whoInWords('camille')).toBe('camille')
})
