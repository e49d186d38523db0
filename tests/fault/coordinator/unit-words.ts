import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ItemClass } from '@vigie/contract/item-class'
import { decodeTime } from 'ulid'

/** An item that a unit said it has; `inMemory`: a frame that may die with the process until it is saved. */
export type Made = { id: string; class: ItemClass; unit: string; inMemory: boolean; atMs: number }

/** All that the units of a fleet wrote into their logs about their items. */
export type UnitWords = {
  made: ReadonlyMap<string, Made>
  /** The cloud's word on each, as the unit heard it. */
  settled: ReadonlyMap<string, { outcome: string; reason: string | null }>
  /** Every start of each unit's agent. */
  starts: readonly { unit: string; atMs: number }[]
  /** How many items of each unit and class gave way to newer ones because their room was full. */
  dropped: readonly { unit: string; class: ItemClass; count: number }[]
}

type Line = { event?: string; time: string; unit: string; id?: string } & Record<string, unknown>

/** What the judge can use; others are not even parsed. */
const EVENT = /"event":"(agent\.started|frame\.captured|frame\.saved|item\.kept|item\.settled|outbox\.dropped)"/

/** Reads the agents' logs of a fleet: what a unit wrote after the thing was so, whatever happened to it afterwards. */
export function readUnitWords(dataFolder: string): UnitWords {
  const made = new Map<string, Made>()
  const settled = new Map<string, { outcome: string; reason: string | null }>()
  const starts: { unit: string; atMs: number }[] = []
  const saved = new Set<string>()
  const dropped = new Map<string, { unit: string; class: ItemClass; count: number }>()
  const drop = (unit: string, name: ItemClass, more: number) => {
    const before = dropped.get(`${unit} ${name}`)
    if (more > 0) dropped.set(`${unit} ${name}`, { unit, class: name, count: (before?.count ?? 0) + more })
  }
  for (const line of linesOf(join(dataFolder, 'logs'))) {
    const atMs = Date.parse(line.time)
    if (line.event === 'agent.started') starts.push({ unit: line.unit, atMs })
    if (line.event === 'frame.captured') drop(line.unit, 'frame', Number(line['dropped'] ?? 0))
    if (line.event === 'outbox.dropped') drop(line.unit, line['class'] as ItemClass, Number(line['dropped']))
    if (line.event === 'agent.started' || line.event === 'outbox.dropped') continue
    const { id, unit } = line
    if (id === undefined) throw new Error(`a line says ${line.event} without an id: ${JSON.stringify(line)}`)
    if (line.event === 'item.settled') {
      settled.set(id, { outcome: String(line['outcome']), reason: (line['reason'] as string | undefined) ?? null })
    } else if (line.event === 'frame.saved') saved.add(id)
    else {
      const name = line.event === 'frame.captured' ? 'frame' : (line['class'] as ItemClass)
      // A frame has a line of its own that says where it is kept.
      if (line.event === 'item.kept' && name === 'frame') continue
      made.set(id, { id, class: name, unit, inMemory: line['kept'] === 'memory', atMs })
    }
  }
  for (const id of saved) {
    const item = made.get(id)
    if (item) made.set(id, { ...item, inMemory: false })
  }
  return { made, settled, starts, dropped: [...dropped.values()] }
}

/** When an id was made, by the clock that made it. */
export const timeOfId = (id: string): number => decodeTime(id)

function* linesOf(folder: string): Generator<Line> {
  // The older half of a rotated log ends in .1 and goes first.
  const files = readdirSync(folder).filter((name) => name.startsWith('agents-'))
  for (const name of files.sort().reverse()) {
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (EVENT.test(text)) yield JSON.parse(text) as Line // our own log; a torn line must fail the test
    }
  }
}
