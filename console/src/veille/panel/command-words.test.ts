import { describe, expect, test } from 'vitest'
import type { Command } from '../../api/schemas.ts'
import { HARD, NARROW } from '../../look/wording.ts'
import { commandInWords, lifeInWords, refusalInWords, resultInWords } from './command-words.ts'

const asked: Command = {
  ...{ id: '01KAN5Z3W0F7Q8R9S0T1V2W3X4', site: 'col-d-allos', unit: 'vg-0001', reason: null, askedBy: 'claire' },
  body: { name: 'probe', what: 'link' },
  ...{ step: 'queued', approval: 'not-needed', approvedBy: null, askedAt: '2026-11-25T13:05:00.000Z' },
  ...{ approvedAt: null, deliveredAt: null, acceptedAt: null, endedAt: null, expiresAt: '2026-11-25T13:07:00.000Z' },
  ...{ endReason: null, result: null, version: 1 },
}

describe('the life of a command', () => {
  test('says for what it waits', () => {
    expect(lifeInWords(asked)).toBe('demande en attente, partira dès que l’unité est en liaison')
    expect(lifeInWords({ ...asked, approval: 'awaited' })).toBe(
      'demande en attente de l’accord d’une deuxième personne',
    )
    expect(lifeInWords({ ...asked, step: 'delivered', deliveredAt: asked.askedAt, endReason: 'clock-unknown' })).toBe(
      `demande pas encore prise${NARROW}: l’unité ne connaît pas encore l’heure`,
    )
  })

  test('says when and why it ended', () => {
    const endedAt = '2026-11-25T13:06:00.000Z'
    expect(lifeInWords({ ...asked, step: 'done', endedAt })).toBe(`demande exécutée à 14${HARD}h${HARD}06`)
    expect(lifeInWords({ ...asked, step: 'refused', endedAt, endReason: 'camera-unreachable' })).toMatch(
      /^demande refusée à .*caméra injoignable$/,
    )
    expect(lifeInWords({ ...asked, step: 'expired', endedAt, endReason: null })).toMatch(/trop tard pour l’unité$/)
  })

  test('never shows a code that nobody has put into words without saying that it is one', () => {
    expect(refusalInWords('something-new')).toContain('something-new')
    expect(refusalInWords('lane-absent')).toBe('l’unité n’a pas de passage')
  })
})

describe('what a command found', () => {
  test('of the line: the middle of its round trips, and what it carries', () => {
    const told = resultInWords({
      ...{ of: 'link', roundTripsMs: [900, 61, 70], sentBytes: 131_072, tookMs: 2_140, signalDbm: null },
      wire: { sentBytes: 1, receivedBytes: 1 },
    })
    expect(told).toEqual([
      `Aller-retour${NARROW}: 70${HARD}ms.`,
      `Débit montant${NARROW}: 490${HARD}kbit/s.`,
      'La force du signal n’est pas connue.',
    ])
  })

  test('of a camera that refuses: what is wrong and what to do', () => {
    const told = resultInWords({
      ...{ of: 'camera', camera: 'cam1', maker: null, model: null, firmware: null, clockOffsetMs: null },
      ...{ presets: [], picture: null, findings: ['camera-refused-login'] },
    })
    expect(told.join(' ')).toMatch(/ne dit pas son modèle.*pas donné d’image.*Identifiants refusés.*compte ONVIF/)
  })

  test('of a drill: how long, and what must arrive now', () => {
    const told = resultInWords({ of: 'drill', shutMs: 60_200, madeItems: 3, madeFrames: 2, ids: [] })
    expect(told[0]).toBe(`Liaison coupée pendant 60${HARD}s.`)
    expect(told[1]).toContain('2')
  })
})

test('every demand has a name that says what will happen', () => {
  expect(commandInWords({ name: 'watch-closely', minutes: 30 })).toBe(`Suivi rapproché pendant 30${HARD}min`)
  expect(commandInWords({ name: 'free-rotation', lane: 'tripod1', on: false })).toBe('Fin du passage libre')
})

test('what a probe of readers and lanes found is said a sentence each', () => {
  const lane = 'tripod1'
  const readers = [
    { lane, direction: 'in' as const, isWorking: true, lastScanAgoS: null },
    { lane, direction: 'out' as const, isWorking: false, lastScanAgoS: 120 },
  ]
  expect(resultInWords({ of: 'reader', readers })).toEqual([
    `Lecteur d’entrée de tripod1${NARROW}: branché, rien lu depuis le démarrage.`,
    `Lecteur de sortie de tripod1${NARROW}: absent, dernier code il y a 2${HARD}min.`,
  ])
  const standing = { lane, mode: 'fault' as const, since: '2026-11-25T13:05:00.000Z', fault: 'reader-lost' }
  expect(resultInWords({ of: 'lane', lanes: [standing] })[0]).toMatch(/^Passage tripod1.*: en panne, .+\.$/)
})
