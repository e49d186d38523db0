import type { ItemClass } from '@vigie/contract/item-class'
import { type CloudRows, isPictureWhole } from './cloud-rows.ts'
import type { Timeline } from './timeline.ts'
import { type Made, timeOfId, type UnitWords } from './unit-words.ts'

/** An item of a verdict: which, whose, when it was made, and how the network stood then. */
export type Story = { id: string; class: ItemClass; unit: string; madeAt: string; network: string }

/** What the judge finds when all is quiet. Doubled, lost and torn must be empty. */
export type Verdict = {
  /** Frames that units said they have. */
  made: number
  /** States, telemetry and the like that units said they keep. */
  madeRecords: number
  /** Frames in the cloud. */
  stored: number
  /** Ids of two rows of one picture, by its content: each picture of these cameras is drawn once. */
  doubled: string[]
  /** Made and nowhere: not stored, not waiting, not spoken of by the cloud, and no death explains it. */
  lost: Story[]
  /** A row whose file is missing or is not the picture that was signed. */
  torn: string[]
  /** Frames that were only in memory when their agent was killed: at most one for each unit and kill. */
  notKept: Story[]
  /** Records whose receipt a unit took in, but was killed before it could say so; the cloud has nothing by their id. */
  unheard: Story[]
  /** Still on the units and not in the cloud, by class. */
  waiting: Partial<Record<ItemClass, number>>
  refused: { id: string; reason: string | null }[]
  expired: number
  /** Gave way to newer ones when their room was full, as the unit counted: the oldest that are missing. */
  dropped: number
  deadLetters: CloudRows['deadLetters']
}

export type Evidence = {
  words: UnitWords
  cloud: CloudRows
  waiting: ReadonlyMap<string, ItemClass>
  timeline: Timeline
  dataFolder: string
}

/** A state or a telemetry is stamped and named within this. */
const STAMPED_WITHIN_MS = 1_000

/** Judges every item that a unit ever said it has. */
export function judge({ words, cloud, waiting, timeline, dataFolder }: Evidence): Verdict {
  const { lost, notKept, unheard } = findMissing(words, cloud, waiting)
  const stored = new Set(cloud.frames.map(({ id }) => id))
  const storyOf = ({ id, class: name, unit, atMs }: Made): Story => ({
    ...{ id, class: name, unit, madeAt: new Date(atMs).toISOString(), network: timeline.at(atMs) },
  })
  const frames = [...words.made.values()].filter((item) => item.class === 'frame').length
  return {
    made: frames,
    madeRecords: words.made.size - frames,
    stored: cloud.frames.length,
    doubled: sameContent(cloud),
    lost: lost.map(storyOf),
    torn: cloud.frames.filter(({ sha256 }) => !isPictureWhole(dataFolder, sha256)).map(({ id }) => id),
    notKept: notKept.map(storyOf),
    unheard: unheard.map(storyOf),
    waiting: countByClass([...waiting].flatMap(([id, name]) => (stored.has(id) ? [] : [name]))),
    refused: [...words.settled].flatMap(([id, { outcome, reason }]) => (outcome === 'refused' ? [{ id, reason }] : [])),
    expired: [...words.settled.values()].filter(({ outcome }) => outcome === 'expired').length,
    dropped: words.dropped.reduce((sum, { count }) => sum + count, 0),
    deadLetters: cloud.deadLetters,
  }
}

/** Whether every frame that was made has come to its end: what still waits on a unit has not. */
export function areFramesDelivered(words: UnitWords, cloud: CloudRows): boolean {
  return findMissing(words, cloud, new Map()).lost.every((item) => item.class !== 'frame')
}

/** Items of which nobody knows, by what explains it. */
function findMissing(words: UnitWords, cloud: CloudRows, waiting: ReadonlyMap<string, ItemClass>) {
  const stored = new Set(cloud.frames.map(({ id }) => id))
  const refused = new Set(cloud.deadLetters.flatMap(({ item }) => item ?? []))
  const isKnown = (item: Made) =>
    [stored, waiting, words.settled, refused].some((ids) => ids.has(item.id)) || isShownByCloud(item, cloud)
  const missing = [...words.made.values()].filter((item) => !isKnown(item))
  const lastStart = new Map(words.starts.map(({ unit, line }) => [unit, line]))
  const hasDied = ({ unit, line }: Made) => (lastStart.get(unit) ?? -Infinity) > line
  const notKept = missing.filter((item) => item.inMemory && hasDied(item))
  const unheard = missing.filter((item) => item.class !== 'frame' && hasDied(item))
  const gaveWay = words.dropped.flatMap(({ unit, class: name, count }) =>
    missing.filter((item) => item.unit === unit && item.class === name).slice(0, count),
  )
  const explained = new Set([...notKept, ...unheard, ...gaveWay])
  return { lost: missing.filter((item) => !explained.has(item)), notKept, unheard }
}

/**
 * A state lives on in the camera's newest known state, which is this one or a later; a telemetry in its point. Neither
 * is stored by its id.
 */
function isShownByCloud({ id, class: name, unit }: Made, { statesAt, telemetryAt }: CloudRows): boolean {
  const madeMs = timeOfId(id)
  if (name === 'state') return (statesAt.get(unit) ?? -Infinity) >= madeMs - STAMPED_WITHIN_MS
  if (name !== 'telemetry') return false
  return (telemetryAt.get(unit) ?? []).some((atMs) => Math.abs(atMs - madeMs) <= STAMPED_WITHIN_MS)
}

function sameContent({ frames }: CloudRows): string[] {
  const contents = new Map<string, string[]>()
  for (const { id, sha256 } of frames) contents.set(sha256, [...(contents.get(sha256) ?? []), id])
  return [...contents.values()].filter((ids) => ids.length > 1).flat()
}

function countByClass(classes: Iterable<ItemClass>): Partial<Record<ItemClass, number>> {
  const counts: Partial<Record<ItemClass, number>> = {}
  for (const name of classes) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** How many frames of one unit one death took at most: more than one, and memory was trusted too long. */
export function mostNotKeptAtOnce({ notKept }: Verdict, { made, starts }: UnitWords): number {
  const deaths = new Map<string, number>()
  for (const { id, unit } of notKept) {
    const line = made.get(id)?.line ?? 0
    const next = starts.find((start) => start.unit === unit && start.line > line)
    const death = `${unit} ${next?.line}`
    deaths.set(death, (deaths.get(death) ?? 0) + 1)
  }
  return Math.max(0, ...deaths.values())
}
