import type { Wanted } from '@vigie/contract/gate/ledger-message'
import type { Row } from '@vigie/contract/gate/row'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Voice } from '../../voice.ts'
import type { MuseumLedger, RowsRefusal } from '../ledger/museum-ledger.ts'

/** Brings back what this gateway wrote and lost with its disk: every lane holds all rows of the building. */
export type TakeBack = {
  /** A lane holds our rows up to this number. */
  heard(lane: UnitId, upTo: number): void
  /** A lane gave what was wanted. */
  given(lane: UnitId, rows: readonly Row[]): void
  gone(lane: UnitId): void
}

type TakeBackDeps = {
  site: SiteId
  unit: UnitId
  ledger: Pick<MuseumLedger, 'endOf' | 'mayTakeBack' | 'takeBack' | 'ownAreHere'>
  voice: Pick<Voice, 'say'>
  onBack(lane: UnitId, rows: number): void
  /** What a lane gave is not what follows; or it is too late, since other rows were written in their place. */
  onRefused(lane: UnitId, why: RowsRefusal | 'written-anew'): void
}

/** One lane is asked at a time, that which holds most; what it gives must continue the chain. */
export function createTakeBack({ site, unit, ledger, voice, onBack, onRefused }: TakeBackDeps): TakeBack {
  const holds = new Map<UnitId, number>()
  let asked: { lane: UnitId; upTo: number; taken: number } | null = null
  const end = () => ledger.endOf(unit).seq

  function ask(lane: UnitId): void {
    const wanted: Wanted = { v: WIRE_VERSION, kind: 'wanted', origin: unit, after: end() }
    void voice.say(buildTopic({ site, unit: lane, what: 'wanted' }), JSON.stringify(wanted))
  }

  function look(): void {
    if (asked !== null || holds.size === 0) return
    const [most] = [...holds].sort(([, one], [, other]) => other - one)
    const [lane, upTo] = most ?? [unit, 0]
    if (upTo <= end()) {
      ledger.ownAreHere()
      return
    }
    if (!ledger.mayTakeBack()) {
      holds.delete(lane)
      onRefused(lane, 'written-anew')
      return
    }
    asked = { lane, upTo, taken: 0 }
    ask(lane)
  }

  return {
    heard(lane, upTo) {
      holds.set(lane, upTo)
      look()
    },
    given(lane, rows) {
      if (asked?.lane !== lane) return
      const { taken, why } = ledger.takeBack(rows)
      asked.taken += taken
      if (why === null && taken > 0 && end() < asked.upTo) {
        ask(lane)
        return
      }
      if (asked.taken > 0) onBack(lane, asked.taken)
      if (end() < asked.upTo) {
        onRefused(lane, why ?? 'gap')
        holds.delete(lane)
      }
      asked = null
      look()
    },
    gone(lane) {
      holds.delete(lane)
      if (asked?.lane === lane) asked = null
      look()
    },
  }
}
