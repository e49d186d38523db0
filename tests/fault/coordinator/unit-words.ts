import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ItemClass } from '@vigie/contract/item-class'
import { decodeTime } from 'ulid'

/**
 * An item that a unit said it has. `inMemory`: a frame that may die with the process until it is saved. `line`: where in
 * the log it stands, which orders it whatever the unit's clock did.
 */
export type Made = { id: string; class: ItemClass; unit: string; inMemory: boolean; atMs: number; line: number }

/** All that the units of a fleet wrote into their logs about their items. */
export type UnitWords = {
  made: ReadonlyMap<string, Made>
  /** The cloud's word on each, as the unit heard it. */
  settled: ReadonlyMap<string, { outcome: string; reason: string | null; atMs: number }>
  /** Every start of each unit's agent. */
  starts: readonly { unit: string; line: number }[]
  /** How many items of each unit and class gave way to newer ones because their room was full. */
  dropped: readonly { unit: string; class: ItemClass; count: number }[]
}

type Line = { event?: string; time: string; unit: string; id?: string } & Record<string, unknown>

/** What the judge can use; others are not even parsed. */
const EVENT = /"event":"(agent\.started|frame\.captured|frame\.saved|item\.kept|item\.settled|outbox\.dropped)"/

/** Reads the agents' logs of a fleet: what a unit wrote after the thing was so, whatever happened to it afterwards. */
export function readUnitWords(dataFolder: string): UnitWords {
  const made = new Map<string, Made>()
  const settled = new Map<string, { outcome: string; reason: string | null; atMs: number }>()
  const starts: { unit: string; line: number }[] = []
  let place = 0
  const saved = new Set<string>()
  const dropped = new Map<string, { unit: string; class: ItemClass; count: number }>()
  const drop = (unit: string, name: ItemClass, more: number) => {
    const before = dropped.get(`${unit} ${name}`)
    if (more > 0) dropped.set(`${unit} ${name}`, { unit, class: name, count: (before?.count ?? 0) + more })
  }
  for (const line of linesOf(dataFolder, EVENT)) {
    const atMs = Date.parse(line.time)
    place++
    if (line.event === 'agent.started') starts.push({ unit: line.unit, line: place })
    if (line.event === 'frame.captured') drop(line.unit, 'frame', Number(line['dropped'] ?? 0))
    if (line.event === 'outbox.dropped') drop(line.unit, line['class'] as ItemClass, Number(line['dropped']))
    if (line.event === 'agent.started' || line.event === 'outbox.dropped') continue
    const { id, unit } = line
    if (id === undefined) throw new Error(`a line says ${line.event} without an id: ${JSON.stringify(line)}`)
    if (line.event === 'item.settled') {
      const { outcome, reason } = line as { outcome?: string; reason?: string }
      settled.set(id, { outcome: String(outcome), reason: reason ?? null, atMs })
    } else if (line.event === 'frame.saved') saved.add(id)
    else {
      const name = line.event === 'frame.captured' ? 'frame' : (line['class'] as ItemClass)
      // A frame has a line of its own that says where it is kept.
      if (line.event === 'item.kept' && name === 'frame') continue
      made.set(id, { id, class: name, unit, inMemory: line['kept'] === 'memory', atMs, line: place })
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

/** Every line of the agents' logs that says one event: when, and of which unit. */
export function eventsOf(dataFolder: string, event: string): { unit: string; atMs: number }[] {
  const lines = linesOf(dataFolder, new RegExp(`"event":"${event.replaceAll('.', '\\.')}"`))
  return [...lines].map(({ unit, time }) => ({ unit, atMs: Date.parse(time) }))
}

function* linesOf(dataFolder: string, wanted: RegExp): Generator<Line> {
  const folder = join(dataFolder, 'logs')
  // The older half of a rotated log ends in .1 and goes first.
  const files = readdirSync(folder).filter((name) => name.startsWith('agents-'))
  for (const name of files.sort().reverse()) {
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (wanted.test(text)) yield JSON.parse(text) as Line // our own log; a torn line must fail the test
    }
  }
}
