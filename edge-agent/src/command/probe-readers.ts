import type { Clock } from '@vigie/contract/clock'
import type { ResultOf } from '@vigie/contract/command-result'
import type { LaneWork } from '../lane/lane-work.ts'

/** Which readers are there, and when each was last used. A code is never told. */
export function probeReaders(
  crew: readonly Pick<LaneWork, 'id' | 'readers'>[],
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
): ResultOf<'reader'> {
  const agoS = (atMs: number | null) => (atMs === null ? null : Math.max(0, Math.floor((monotonicMs() - atMs) / 1000)))
  const readers = crew.flatMap(({ id, readers }) =>
    readers().map(({ direction, isWorking, lastScanMs }) => ({
      ...{ lane: id, direction, isWorking, lastScanAgoS: agoS(lastScanMs) },
    })),
  )
  return { of: 'reader', readers }
}
