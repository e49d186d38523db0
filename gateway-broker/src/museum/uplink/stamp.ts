import type { Envelope } from '@vigie/contract/envelope'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { GatewayClock } from '../gateway-clock.ts'

/** Gives every message of the gateway its id, boot, number and time; numbers count from 0 in each series of a boot. */
export type Stamp = (series: 'ticket' | 'state' | 'presence' | 'progress' | 'ask') => Envelope

export function createStamp(
  { unit, boot }: { unit: UnitId; boot: BootId },
  { clock, newId }: { clock: GatewayClock; newId: () => ItemId },
): Stamp {
  const numbers = new Map<string, number>()
  return (series) => {
    const seq = numbers.get(series) ?? 0
    numbers.set(series, seq + 1)
    const at = new Date(clock.now()).toISOString()
    const mono = Math.round(clock.monotonicMs())
    return { v: WIRE_VERSION, id: newId(), unit, boot, seq, at, mono, clock: clock.state() }
  }
}
