import { fileURLToPath } from 'node:url'
import { trialLane } from '@vigie/tests/fixtures/trial-lane'
import { describe, expect, test } from 'vitest'
import { readBoardProfiles, readFleet, readReaderProfiles } from '../documents.ts'
import { problemsOf } from '../problems.ts'
import { LaneFacts } from './lane.ts'
import { laneProblems, laneProfileProblems } from './lane-problems.ts'

const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
const profiles = {
  readers: readReaderProfiles(folder('profiles/readers')),
  boards: readBoardProfiles(folder('profiles/boards')),
}
const lane = trialLane()
const withWiring = (change: Partial<LaneFacts['board']['wiring']>) => ({
  ...lane,
  board: { ...lane.board, wiring: { ...lane.board.wiring, ...change } },
})
const placesOf = (...lanes: LaneFacts[]) => laneProblems(lanes).map(({ place }) => place)

describe('a lane', () => {
  test('that is right has no problem, and so have those of both museums', () => {
    expect(problemsOf(LaneFacts)(lane)).toEqual([])
    expect(placesOf(lane)).toEqual([])
    for (const { lanes = [] } of readFleet(folder('museums'))) {
      expect(laneProfileProblems(lanes, profiles)).toEqual([])
    }
  })

  test('needs the contacts of the ways that it has', () => {
    const { passB: _, ...wiring } = lane.board.wiring
    const both = { ...lane, direction: 'both' as const }
    expect(placesOf({ ...both, board: { ...lane.board, wiring } })).toEqual(['lane.lanes[0].board.wiring.passB'])
    const exit = { profile: 'generic-serial', port: '/dev/ttyUSB7' }
    expect(placesOf({ ...both, exitReader: exit })).toEqual(['lane.lanes[0].board.wiring.pulseB'])
    expect(placesOf({ ...withWiring({ pulseB: 1 }), exitReader: exit })).toEqual(['lane.lanes[0].exitReader'])
  })

  test('gives each contact one meaning, and each port one device', () => {
    expect(placesOf(withWiring({ ready: 0 }))).toEqual(['lane.lanes[0].board.wiring'])
    expect(placesOf(withWiring({ red: 0 }))).toEqual(['lane.lanes[0].board.wiring'])
    expect(placesOf({ ...lane, reader: { profile: 'generic-serial', port: '/dev/ttyUSB1' } })).toEqual([
      'lane.lanes[0].board.port',
    ])
    expect(placesOf(lane, { ...lane, id: 'tripode2' })).toEqual(['lane.lanes[1].board.port'])
    expect(placesOf({ ...lane, unit: 'vm-1' }, { ...lane, id: 'tripode2', unit: 'vm-2' })).toEqual([])
  })

  test('takes a companion along only where it is wide', () => {
    expect(placesOf({ ...lane, companion: true })).toEqual(['lane.lanes[0].companion'])
    expect(placesOf({ ...lane, kind: 'wide', companion: true })).toEqual([])
  })
})

describe('a board', () => {
  const problemsWith = (profile: string, wiring = lane.board.wiring) =>
    laneProfileProblems([{ ...lane, board: { ...lane.board, profile, wiring } }], profiles).map(({ is }) => is)

  test('that cannot confirm a passage is refused for a gate', () => {
    expect(problemsWith('waveshare-modbus-rtu-relay')).toEqual(['board-deaf'])
  })

  test('that has not so many contacts, or that nobody knows, is refused too', () => {
    expect(problemsWith('moxa-iologik-e1214', { ...lane.board.wiring, fire: 6 })).toEqual(['contact-absent'])
    expect(problemsWith('tableau-noir')).toEqual(['profile-unknown'])
  })

  test('that counts needs both PASS contacts, by which loss of power is told from a passage', () => {
    const { passB: _, ...wiring } = lane.board.wiring
    expect(problemsWith('moxa-iologik-e1214-counting')).toEqual([])
    expect(problemsWith('moxa-iologik-e1214-counting', wiring)).toEqual(['contact-absent'])
    expect(problemsWith('moxa-iologik-e1214', wiring)).toEqual([])
  })

  test('and a reader without a port are refused where nothing tells the port', () => {
    const { port: _, ...reader } = lane.reader
    const isOf = (profile: string) =>
      laneProfileProblems([{ ...lane, reader: { ...reader, profile } }], profiles).map(({ is }) => is)
    expect(isOf('generic-serial')).toEqual(['port-missing'])
    expect(isOf('honeywell-3330g')).toEqual([])
  })
})
