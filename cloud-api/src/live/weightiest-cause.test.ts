import type { CameraId, SiteId } from '@vigie/contract/ids'
import { describe, expect, it } from 'vitest'
import type { LiveEvent } from '../store/live-events.ts'
import type { LiveCause } from '../store/tables.ts'
import { createPositions } from './positions.ts'
import { weightiestCause } from './weightiest-cause.ts'

/** A log in memory. */
function createLog() {
  const log: LiveEvent[] = []
  const events = { after: async (seq: number, limit: number) => log.slice(seq, seq + limit), oldestSeq: async () => 1 }
  const positions = createPositions(events)
  return {
    write: (site: string, ...causes: LiveCause[]) => {
      for (const cause of causes) {
        // Ids of this file.
        log.push({ seq: log.length + 1, at: 0, site: site as SiteId, camera: 'cam1' as CameraId, cause })
      }
      return positions.follow()
    },
    told: (seq: number) =>
      positions.since(seq)?.map(([webcam, position]) => `${webcam} ${position.seq} ${weightiestCause(position, seq)}`),
  }
}

describe('a webcam to which several things happened', () => {
  it('is told by what matters most among them, and not by the last', async () => {
    const { write, told } = createLog()
    await write('allos', 'frame', 'state', 'unchanged', 'frame')
    await write('bayons', 'presence', 'freshness')
    await write('digne', 'freshness', 'frame')
    await write('seyne', 'unchanged')
    expect(told(0)).toEqual([
      'allos-cam1 4 state',
      'bayons-cam1 6 presence',
      'digne-cam1 8 freshness',
      'seyne-cam1 9 unchanged',
    ])
  })

  it('is not told by what the client knows already', async () => {
    const { write, told } = createLog()
    await write('allos', 'state', 'frame')
    await write('allos', 'unchanged')
    expect(told(1)).toEqual(['allos-cam1 3 frame'])
    expect(told(2)).toEqual(['allos-cam1 3 unchanged'])
  })
})
