import type { Problem } from '../problems.ts'
import type { LaneDocument } from './lane.ts'
import type { SiteFacts } from './site.ts'

type Parts = { site: Pick<SiteFacts, 'kind' | 'road'>; cameras: readonly unknown[]; lanes: LaneDocument['lanes'] }

/** What a museum has and a road site has not, and the other way round. */
export function kindProblems({ site, cameras, lanes }: Parts): Problem[] {
  const isMuseum = site.kind === 'musee'
  const withUnit = lanes.filter(({ unit }) => unit !== undefined).length
  const wrong: [isWrong: boolean, place: string, message: string][] = [
    [!isMuseum && site.road === undefined, 'site.road', 'is missing'],
    // A museum is on no public page: nobody would see what a camera there sees.
    [isMuseum && cameras.length > 0, 'camera.cameras', 'must be empty at a museum'],
    [!isMuseum && lanes.length > 0, 'lane.lanes', 'must be empty at a road'],
    [withUnit > 0 && withUnit < lanes.length, 'lane.lanes', 'must all name their unit, or none'],
  ]
  return wrong.flatMap(([isWrong, place, message]) => (isWrong ? [{ place, message }] : []))
}
