import type { DecisionBody } from '@vigie/contract/gate/row'
import type { ItemId, LaneId } from '@vigie/contract/ids'
import type { HonestTime } from '../clock/honest-time.ts'
import type { Rest } from '../lane/lane-life.ts'
import type { Lanes } from '../lane/lanes.ts'
import { type Doer, type Doers, done, refused } from './doer.ts'

type LaneDoersDeps = {
  lanes: Pick<Lanes, 'find' | 'box'>
  time: Pick<HonestTime, 'now' | 'monotonicMs' | 'state'>
  newId: () => ItemId
}
type LaneDoers = Pick<Doers, 'open-lane' | 'free-rotation' | 'out-of-service'>

/** What the staff can do with a lane. Each of these ends up in the ledger, with who asked for it and why. */
export function createLaneDoers({ lanes, time, newId }: LaneDoersDeps): LaneDoers {
  const absent = ({ lane }: { lane: string }) => (lanes.find(lane) === undefined ? 'lane-absent' : null)

  function setRest(lane: LaneId, rest: Rest, told: { by?: string; reason?: string }): void {
    lanes.find(lane)?.atWork.setRest({ rest, ...told })
  }

  const openLane: Doer<Parameters<LaneDoers['open-lane']['run']>[0]> = {
    refusal: absent,
    run({ lane, direction: asked, reason }, { by = 'cloud' }) {
      const work = lanes.find(lane)
      const box = lanes.box()
      if (work === undefined || box === null) return refused('lane-absent')
      const direction = asked ?? work.way
      const { mode } = work.atWork.state()
      if (mode === 'free' || mode === 'fire') return done()
      if (!work.atWork.canTakeGrant(direction))
        return refused(mode === 'granted' || mode === 'rotating' ? 'lane-busy' : 'lane-out')
      const id = newId()
      const body: DecisionBody = {
        ...{ kind: 'decision', nonce: id, direction, outcome: 'ok', ticket: null, persons: 1, medium: 'none', by },
        ...(reason !== undefined && { reason }),
        listAge: { feed: box.lists.mark(), seconds: box.lists.ageS() },
      }
      // People are at the door: a disk that takes nothing is no reason to keep them there.
      box.keeper.report({ body, lane, id })
      work.atWork.grant({ decision: id, direction, persons: 1, of: 'staff' })
      return done()
    },
  }

  return {
    'open-lane': openLane,
    'free-rotation': {
      refusal: absent,
      run({ lane, on, until, reason }, { by = 'cloud', issuedAtMs }) {
        const told = { by, ...(reason !== undefined && { reason }) }
        if (!on) setRest(lane, { name: 'locked' }, told)
        else if (until === undefined) setRest(lane, { name: 'free', direction: 'both', untilMs: null }, told)
        else {
          // By a clock that knows nothing, it lasts as long as was meant when it was asked for.
          const fromMs = time.state() === 'unknown' ? (issuedAtMs ?? time.now()) : time.now()
          const untilMs = time.monotonicMs() + Math.max(0, Date.parse(until) - fromMs)
          setRest(lane, { name: 'free', direction: 'both', untilMs, until }, told)
        }
        return done()
      },
    },
    'out-of-service': {
      refusal: absent,
      run({ lane, on, reason }, { by = 'cloud' }) {
        setRest(lane, { name: on ? 'out-of-service' : 'locked' }, { by, ...(reason !== undefined && { reason }) })
        return done()
      },
    },
  }
}
