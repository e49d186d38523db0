import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ItemClass } from '@vigie/contract/item-class'
import { ulid } from 'ulid'
import { afterAll, describe, expect, test } from 'vitest'
import { pictureFile, type StoredFrame } from './cloud-rows.ts'
import { judge, mostNotKeptAtOnce, type Verdict } from './judge.ts'
import { createTimeline } from './timeline.ts'
import { readUnitWords } from './unit-words.ts'

const T = Date.UTC(2027, 0, 15, 8)
const UNIT = 'vg-0001'
const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-judge-'))
afterAll(() => rmSync(dataFolder, { recursive: true }))

type Word = { atS: number; event: string; id?: string } & Record<string, unknown>

/** What a judge says of a unit's log, of what the cloud has, and of what still waits. */
function verdictOn(
  words: readonly Word[],
  { stored = [], waiting = [] }: { stored?: StoredFrame[]; waiting?: [string, ItemClass][] } = {},
): Verdict & { atOnce: number } {
  mkdirSync(join(dataFolder, 'logs'), { recursive: true })
  const lines = words.map(({ atS, ...word }) => ({ time: new Date(T + atS * 1000).toISOString(), unit: UNIT, ...word }))
  writeFileSync(join(dataFolder, 'logs', 'agents-1.log'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const evidence = {
    words: readUnitWords(dataFolder),
    cloud: { frames: stored, statesAt: new Map(), telemetryAt: new Map(), deadLetters: [] },
    waiting: new Map(waiting),
    timeline,
    dataFolder,
  }
  const verdict = judge(evidence)
  return { ...verdict, atOnce: mostNotKeptAtOnce(verdict, evidence.words) }
}

let nowS = 0
const timeline = createTimeline(() => T + nowS * 1000)
timeline.note('broker', 'killed')

function storedFrame(id: string, picture = id): StoredFrame {
  const sha256 = createHash('sha256').update(picture).digest('hex')
  const file = pictureFile(dataFolder, sha256)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, picture)
  return { id, unit: UNIT, sha256, capturedAt: T, receivedAt: T, clock: 'synchronised' }
}

const captured = (atS: number, id: string, kept = 'disk'): Word => ({ atS, event: 'frame.captured', id, kept })

describe('the judge', () => {
  test('finds no fault with a frame that is stored, waits, or was spoken of by the cloud', () => {
    const [stored, waits, spoken] = [ulid(), ulid(), ulid()]
    const verdict = verdictOn(
      [
        ...[captured(1, stored), captured(2, waits), captured(3, spoken)],
        { atS: 4, event: 'item.settled', class: 'frame', id: spoken, outcome: 'expired' },
      ],
      { stored: [storedFrame(stored)], waiting: [[waits, 'frame']] },
    )
    expect(verdict).toMatchObject({ made: 3, stored: 1, lost: [], expired: 1, waiting: { frame: 1 } })
  })

  test('calls lost what is nowhere, and says how the network stood when it was made', () => {
    const [frame, state] = [ulid(), ulid()]
    const { lost } = verdictOn([captured(5, frame), { atS: 6, event: 'item.kept', class: 'state', id: state }])
    expect(lost.map(({ id }) => id)).toEqual([frame, state])
    expect(lost[0]?.network).toBe('broker killed 5.0 s ago')
  })

  test('calls not kept, and not lost, a frame that was in memory when its agent died, but only until it was saved', () => {
    const [first, second, saved, alive] = [ulid(), ulid(), ulid(), ulid()]
    const verdict = verdictOn([
      ...[captured(1, first, 'memory'), captured(2, second, 'memory'), captured(3, saved, 'memory')],
      { atS: 4, event: 'frame.saved', id: saved },
      { atS: 5, event: 'agent.started' },
      captured(6, alive, 'memory'),
    ])
    expect(verdict.notKept.map(({ id }) => id)).toEqual([first, second])
    expect(verdict.lost.map(({ id }) => id)).toEqual([saved, alive])
    expect(verdict.atOnce).toBe(2)
  })

  test('takes the oldest missing ones for those that the unit says gave way, and no more of them', () => {
    const ids = [ulid(), ulid(), ulid()]
    const { lost, dropped } = verdictOn([
      ...ids.map((id, index) => captured(index, id)),
      { atS: 4, event: 'outbox.dropped', class: 'frame', dropped: 2 },
    ])
    expect(dropped).toBe(2)
    expect(lost.map(({ id }) => id)).toEqual(ids.slice(2))
  })

  test('finds a picture that stands twice, and one whose file is not what was signed', () => {
    const [one, other] = [storedFrame(ulid(), 'same'), storedFrame(ulid(), 'same')]
    const torn = storedFrame(ulid())
    writeFileSync(pictureFile(dataFolder, torn.sha256), 'half')
    const verdict = verdictOn([], { stored: [one, other, torn] })
    expect(verdict.doubled).toEqual([one.id, other.id])
    expect(verdict.torn).toEqual([torn.id])
  })
})

test('the timeline tells the last deed on each part, and nothing of what came later', () => {
  const line = createTimeline(() => T + nowS * 1000)
  line.note('network', 'cut')
  nowS = 3
  line.note('network', 'restored')
  line.note('agents-1', 'killed')
  expect(line.at(T - 1)).toBe('nothing was done yet')
  expect(line.at(T + 1_000)).toBe('network cut 1.0 s ago')
  expect(line.at(T + 4_000)).toBe('network restored 1.0 s ago, agents-1 killed 1.0 s ago')
})
