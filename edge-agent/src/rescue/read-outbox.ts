import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeFrame } from '@vigie/contract/frame'
import { type ItemId, isItemId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import { buildTopic, parseTopic } from '@vigie/contract/topics'
import { openLivingTable } from '../outbox/living-table.ts'
import { type Place, placeIn, readLyingRows } from './read-ledger.ts'

/** An item of an outbox, whole. */
export type LyingItem = { id: ItemId; class: ItemClass; topic: string; payload: Uint8Array }

/** What lies on a disk: records first, then rows of a lane's ledger, then frames in the order of their capture. */
export type LyingOutbox = {
  /** How many records were saved from a damaged database; null: it was sound, or there is none. */
  salvaged: number | null
  items: number
  /** There is a ledger, and nothing that says whose it is: its rows are not among the items. */
  isLedgerUnnamed: boolean
  read(): Iterable<LyingItem>
  close(): void
}

/** As large as a copy may grow: what a damaged file is made anew in. */
const COPY_MAX_BYTES = 4e9

/**
 * Reads the outbox of a data folder, also one on a disk that must not be written, or with a damaged database: the
 * database is copied to `work` and mended there; frames are read where they are, since each says in its header what it is.
 */
export function readLyingOutbox(folder: string, work: string, now: () => number): LyingOutbox {
  const copy = join(work, 'outbox.sqlite')
  for (const ending of ['', '-wal']) {
    const from = join(folder, `outbox.sqlite${ending}`)
    if (existsSync(from)) copyFileSync(from, copy + ending)
  }
  const hasOutbox = existsSync(copy)
  let salvaged: number | null = null
  const table = openLivingTable({ file: copy, maxBytes: COPY_MAX_BYTES, now }, (rebuilding) => {
    salvaged = rebuilding.salvaged
  })
  salvaged = table.rebuilt?.salvaged ?? salvaged
  const records = ITEM_CLASSES.filter((name) => name !== 'frame').flatMap((name) =>
    table.next(name, 'oldest-first', Number.MAX_SAFE_INTEGER),
  )
  const frames = frameFilesIn(join(folder, 'frames'))
  /** Damage may only be seen on the way. */
  const isWhole = () => hasOutbox && salvaged === null
  const place = placeIn(folder) ?? placeOf(records.find((one) => one.class === 'ticket')?.topic)
  const rows = place === null ? null : readLyingRows(folder, { work, place, now })

  return {
    salvaged,
    items: records.length + (rows?.count(isWhole()) ?? 0) + frames.length,
    isLedgerUnnamed: place === null && existsSync(join(folder, 'ledger.sqlite')),
    *read() {
      for (const { id, class: name, topic } of records) {
        const payload = table.payload(id)
        if (payload !== null) yield { id, class: name, topic, payload }
      }
      if (rows !== null) yield* rows.read(isWhole())
      for (const file of frames) {
        const payload = readFileSync(file)
        const frame = decodeFrame(payload)
        if (!frame.ok) continue // half of it was written when the box died
        const { id, site, unit, camera, preset } = frame.value.header
        yield { id, class: 'frame', topic: buildTopic({ site, unit, what: 'frame', camera, preset }), payload }
      }
    },
    close() {
      rows?.close()
      table.close()
    },
  }
}

function placeOf(topic = ''): Place | null {
  const parsed = parseTopic(topic)
  return parsed.ok ? parsed.value : null
}

const ENDING = '.frame'

function frameFilesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const isFrame = (name: string) => name.endsWith(ENDING) && isItemId(name.slice(0, -ENDING.length))
  return readdirSync(folder)
    .filter(isFrame)
    .sort()
    .map((name) => join(folder, name))
}
