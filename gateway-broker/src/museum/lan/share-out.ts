import { LEDGER_MESSAGE_MAX_ROWS } from '@vigie/contract/bounds'
import type { HaveMark, Shared } from '@vigie/contract/gate/ledger-message'
import type { Row } from '@vigie/contract/gate/row'
import type { UnitId } from '@vigie/contract/ids'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'

/**
 * Tells one lane what the others wrote, in the order in which it came here, for as long as the lane is there; and what it
 * wrote itself and holds no more, since its disk was damaged.
 */
export type ShareOut = {
  /** There is something new. */
  ring(): void
  stop(): void
  /** Resolves when the lane has been told everything. */
  settled(): Promise<void>
}

type ShareOutDeps = {
  ledger: Pick<MuseumLedger, 'after' | 'ofOrigin' | 'ends' | 'endOf' | 'lastPosition'>
  say(message: Shared): Promise<void>
  /** Bytes that the lane has not read yet. */
  waitingBytes(): number
  wait(ms: number): Promise<void>
}

/**
 * The broker drops for a unit whose socket holds 128 KiB. A message of 50 rows is some 30 kB: with two of them unread the
 * next one waits. A lane that comes back after a day of others' rows is told them in a second or two.
 */
const UNREAD_MAX_BYTES = 60 * 1024
const LOOK_AGAIN_MS = 20

export function createShareOut(
  { ledger, say, waitingBytes, wait }: ShareOutDeps,
  { unit, have }: { unit: UnitId; have: readonly HaveMark[] },
): ShareOut {
  const marks = new Map(have.map(({ origin, seq }) => [origin, seq]))
  /** Of its own rows, up to the last that it had written by then: what it writes now it need not be told. */
  const ownUpTo = ledger.endOf(unit).seq
  const lacksOwn = (marks.get(unit) ?? 0) < ownUpTo
  let position = startAt()
  let telling: Promise<void> = Promise.resolve()
  let isTelling = false
  let isRung = false
  let isStopped = false

  /** Before the first row that it lacks. */
  function startAt(): number {
    const firsts = ledger
      .ends()
      .filter(({ origin }) => origin !== unit || lacksOwn)
      .flatMap(({ origin }) => ledger.ofOrigin(origin, marks.get(origin) ?? 0, 1))
    return Math.min(ledger.lastPosition(), ...firsts.map(({ position }) => position - 1))
  }

  const isLacking = ({ origin, seq }: Row) =>
    seq > (marks.get(origin) ?? 0) && (origin !== unit || (lacksOwn && seq <= ownUpTo))
  const nextOnes = () => ledger.after(position, lacksOwn ? null : unit, LEDGER_MESSAGE_MAX_ROWS)

  async function tellAll(): Promise<void> {
    isTelling = true
    while (isRung && !isStopped) {
      isRung = false
      for (let next = nextOnes(); next.length > 0 && !isStopped; ) {
        const rows = next.map(({ row }) => row).filter(isLacking)
        while (waitingBytes() > UNREAD_MAX_BYTES && !isStopped) await wait(LOOK_AGAIN_MS)
        if (rows.length > 0 && !isStopped) await say({ v: WIRE_VERSION, kind: 'shared', rows })
        for (const { origin, seq } of rows) marks.set(origin, seq)
        position = next.at(-1)?.position ?? position
        next = isStopped ? [] : nextOnes()
      }
    }
    isTelling = false
  }

  return {
    ring() {
      isRung = true
      if (!isTelling) telling = tellAll()
    },
    stop() {
      isStopped = true
    },
    settled: async () => {
      while (isTelling) await telling
    },
  }
}
