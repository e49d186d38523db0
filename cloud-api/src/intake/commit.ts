import type { ItemId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import type { PictureFiles } from '../frames/picture-files.ts'
import type { SeriesStore } from '../series/series-store.ts'
import type { AddressedDeadLetter } from '../store/dead-letters.ts'
import type { ItemOutcome, NewFrame } from '../store/items.ts'
import type { Store } from '../store/store.ts'
import { isFrameOverdue, whyUnseen } from './judge-unchanged.ts'
import { deadLetterOf, type Sender } from './message.ts'
import type { Word } from './receipts.ts'
import type { JudgedTelemetry, Verdict } from './verdict.ts'

export type CommitDeps = {
  store: Pick<Store, 'items' | 'deadLetters'>
  pictures: Pick<PictureFiles, 'keepAll' | 'sizeOf'>
}

type FrameVerdict = Extract<Verdict, { what: 'frame' }>
type UnchangedVerdict = Extract<Verdict, { what: 'unchanged' }>
type LedgerVerdict = Extract<Verdict, { what: 'ledger' }>
type Refusal = { sender: Sender | null; letter: AddressedDeadLetter }

/** What was committed, in words for the units, and for the log. `waiting`: sightings whose frame is not there yet. */
export type Committed = { words: Word[]; storedFrames: NewFrame[]; refused: AddressedDeadLetter[]; waiting: number }

/**
 * Makes a batch of verdicts durable: the pictures' files first, then all rows in one transaction. When it returns, every
 * word may be said. Doing it again after a failure is harmless: files and rows are named by content and id.
 */
export async function commit(
  verdicts: readonly Verdict[],
  { store, pictures }: CommitDeps,
  at: number,
): Promise<Committed> {
  const frames = firstOfEachId(verdicts.filter((verdict) => verdict.what === 'frame'))
  const sightings = verdicts.filter((verdict) => verdict.what === 'unchanged')
  const states = verdicts.filter((verdict) => verdict.what === 'state')
  const ledgers = verdicts.filter((verdict) => verdict.what === 'ledger')
  const refused = verdicts.filter((verdict) => verdict.what === 'refused')
  const expired = verdicts.filter((verdict) => verdict.what === 'expired')
  const senders = [...frames, ...sightings, ...states, ...ledgers, ...expired].map(({ sender: { site, unit } }) => ({
    site,
    unit,
  }))

  const keepPictures = (of: readonly FrameVerdict[]) =>
    pictures.keepAll(of.map(({ frame, picture }) => ({ sha256: frame.sha256, size: 'full', bytes: picture })))
  await keepPictures(frames)
  const outcomes = await store.items.storeItems({
    frames: frames.map(({ frame }) => frame),
    sightings: sightings.map(({ sighting }) => sighting),
    states: states.map(({ state }) => state),
    rows: ledgers.flatMap(({ rows }) => rows),
    deadLetters: refused.map(({ letter }) => letter),
    heard: senders,
    at,
  })
  // Retention may have deleted a content that an old frame shared, after it was kept and before the new row stood.
  const missing = await Promise.all(frames.map(({ frame }) => pictures.sizeOf(frame.sha256, 'full')))
  await keepPictures(frames.filter((_, index) => missing[index] === null))

  const seen = sightings.filter(({ sighting }) => isThere(outcomes.get(sighting.id)))
  const unseen = sightings.flatMap((verdict) => refusalOfSighting(verdict, outcomes.get(verdict.sighting.id)))
  const overdue = sightings
    .filter(({ sighting }) => isFrameOverdue(outcomes.get(sighting.id), sighting))
    .map(({ sender, sighting: { id } }) => ({ sender, id }))
  const areWhole = ({ rows }: LedgerVerdict) => rows.every(({ row }) => isThere(outcomes.get(row.id)))
  const late = [
    ...frames.filter(({ frame }) => outcomes.get(frame.id) === 'id-taken').map(idTaken),
    ...ledgers.filter((ledger) => !areWhole(ledger)).map(rowIdTaken),
    ...unseen,
  ]
  await store.deadLetters.keep(late.map(({ letter }) => letter))

  return {
    words: [
      ...frames
        .filter(({ frame }) => isThere(outcomes.get(frame.id)))
        .map(({ sender, frame }) => stored(sender, frame.id)),
      ...seen.map(({ sender, sighting }) => stored(sender, sighting.id)),
      ...states.map(({ sender, id }) => stored(sender, id)),
      ...ledgers.filter(areWhole).map(({ sender, id }) => stored(sender, id)),
      ...[...expired, ...overdue].map(({ sender, id }): Word => ({ to: sender, item: { id, outcome: 'expired' } })),
      ...[...refused, ...late].flatMap(refusal),
    ],
    storedFrames: frames.filter(({ frame }) => outcomes.get(frame.id) === 'stored').map(({ frame }) => frame),
    refused: [...refused, ...late].map(({ letter }) => letter),
    waiting: sightings.length - seen.length - unseen.length - overdue.length,
  }
}

/** Telemetry goes to the series store; what that store will never take becomes a dead letter. */
export async function commitTelemetry(
  taken: readonly JudgedTelemetry[],
  { store, series }: { store: Pick<Store, 'items'>; series: Pick<SeriesStore, 'write'> },
  at: number,
): Promise<Committed> {
  const refusedPoints = await series.write(taken.flatMap(({ verdict }) => verdict.points))
  const details = new Map(refusedPoints.map(({ id, detail }) => [id, detail]))
  const isRefused = ({ verdict }: JudgedTelemetry) => details.has(verdict.id)
  const refused = taken.filter(isRefused).map(({ message, verdict: { sender, id } }) => {
    const detail = details.get(id) ?? ''
    return { sender, letter: deadLetterOf(message, sender, { reason: 'series-refused', detail }) }
  })
  await store.items.storeItems({
    frames: [],
    states: [],
    deadLetters: refused.map(({ letter }) => letter),
    heard: taken.map(({ verdict: { sender } }) => ({ site: sender.site, unit: sender.unit })),
    at,
  })
  const good = taken.filter((one) => !isRefused(one))
  return {
    words: [...good.map(({ verdict: { sender, id } }) => stored(sender, id)), ...refused.flatMap(refusal)],
    storedFrames: [],
    refused: refused.map(({ letter }) => letter),
    waiting: 0,
  }
}

const isThere = (outcome: ItemOutcome | undefined) => outcome === 'stored' || outcome === 'already'

const stored = (to: Sender, id: ItemId): Word => ({ to, item: { id, outcome: 'stored' } })

/** A refused item without a readable id gets no word: there is no name to say it by. */
function refusal({ sender, letter }: Refusal): Word[] {
  if (sender === null || letter.item === null) return []
  return [{ to: sender, item: { id: letter.item, outcome: 'refused', reason: letter.reason } }]
}

/** A unit that sent a frame twice within one batch hears of it once; another frame with the same id waits for its turn. */
const firstOfEachId = (frames: readonly FrameVerdict[]): FrameVerdict[] => [
  ...new Map(frames.toReversed().map((verdict) => [verdict.frame.id, verdict])).values(),
]

/** Empty: the sighting was taken, or waits for its frame. */
function refusalOfSighting({ sender, message }: UnchangedVerdict, outcome: ItemOutcome | undefined): Refusal[] {
  const why = whyUnseen(outcome)
  return why === null ? [] : [{ sender, letter: deadLetterOf(message, sender, why) }]
}

const rowIdTaken = ({ sender, message }: LedgerVerdict): Refusal => ({
  sender,
  letter: deadLetterOf(message, sender, { reason: 'id-taken', detail: 'another row is stored with this id' }),
})

function idTaken({ sender, frame }: FrameVerdict): Refusal {
  const { id, site, unit, camera, preset, receivedAt, bytes } = frame
  return {
    sender,
    letter: {
      receivedAt,
      topic: buildTopic({ site, unit, what: 'frame', camera, preset }),
      site,
      unit,
      item: id,
      reason: 'id-taken',
      detail: 'another frame is stored with this id',
      bytes,
      excerpt: Buffer.from(JSON.stringify({ id, seq: frame.seq, boot: frame.boot })),
    },
  }
}
