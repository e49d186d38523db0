import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BootId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { bearerOf, certificatesIn } from '../identity/credential.ts'
import { openLaneLedger } from '../lane/ledger/lane-ledger.ts'
import { itemOfRow } from '../lane/row-item.ts'
import type { OutgoingItem } from '../outbox/outbox.ts'

export type Place = { site: SiteId; unit: UnitId }

/**
 * Rows of a lane's box that its outbox does not hold. `isOutboxWhole`: it still holds all that it was given; else every row
 * is told again, and the cloud stores it once.
 */
export type LyingRows = {
  count(isOutboxWhole: boolean): number
  read(isOutboxWhole: boolean): Iterable<OutgoingItem>
  close(): void
}

const READ_AT_ONCE = 500

/**
 * Reads the ledger of a data folder, from a copy in `work`: the outbox is a copy in flight, and was full, damaged or lost
 * with its disk. Null: there is no ledger.
 */
export function readLyingRows(
  folder: string,
  { work, place, now }: { work: string; place: Place; now: () => number },
): LyingRows | null {
  const copy = join(work, 'ledger.sqlite')
  for (const ending of ['', '-wal']) {
    const from = join(folder, `ledger.sqlite${ending}`)
    if (existsSync(from)) copyFileSync(from, copy + ending)
  }
  if (!existsSync(copy)) return null
  const { unit } = place
  const { ledger } = openLaneLedger({ file: copy, now }, { unit, ...NEVER_WRITTEN_BY })
  const handedOver = ledger.mark('cloud')
  const last = ledger.ends().find(({ origin }) => origin === unit)?.seq ?? 0
  return {
    count: (isOutboxWhole) => last - (isOutboxWhole ? handedOver : 0),
    *read(isOutboxWhole) {
      let after = isOutboxWhole ? handedOver : 0
      for (let rows = ledger.own(after, READ_AT_ONCE); rows.length > 0; rows = ledger.own(after, READ_AT_ONCE)) {
        for (const row of rows) yield itemOfRow(row, place)
        after = rows.at(-1)?.seq ?? after
      }
    },
    close: () => ledger.close(),
  }
}

/** Which box it was and where it stood, as its certificate says; null where none lies in the folder. */
export function placeIn(folder: string): Place | null {
  try {
    const kept: unknown = JSON.parse(readFileSync(join(folder, 'identity', 'current.json'), 'utf8'))
    const pem = typeof kept === 'object' && kept !== null && 'certificates' in kept ? String(kept.certificates) : ''
    const [own] = certificatesIn(pem)
    return own === undefined ? null : bearerOf(own)
  } catch {
    return null
  }
}

/** A ledger asks who writes; nobody does here. */
const NEVER_WRITTEN_BY = {
  boot: '' as BootId, // stands in no row
  newId: () => '' as ItemId, // likewise
  clock: { now: () => 0, monotonicMs: () => 0, state: () => 'unknown' as const, errorMs: () => null },
}
