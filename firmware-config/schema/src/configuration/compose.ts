import type { SiteDocument } from '../site-document.ts'
import type { ShownConfiguration } from './configuration.ts'

/** A site's documents, but for how its cameras are reached. */
export type SiteDocuments = Pick<ShownConfiguration, 'site' | 'lane' | 'masks' | 'schedule' | 'budget'> & {
  camera: { cameras: Omit<ShownConfiguration['camera']['cameras'][number], 'access'>[] }
}

/** One site's documents as one: the view of them that agents, cloud and pages go by. How cameras are reached is not in it. */
export function composeSite(
  { site, camera, lane, masks, schedule, budget }: SiteDocuments,
  unit: string,
): SiteDocument {
  return {
    ...site,
    unit,
    cameras: camera.cameras.map(({ id, profile, picture, tour, presets }) => ({
      ...{ id, profile },
      schedule: scheduleOf(schedule, id),
      picture,
      presets: presets.map((preset) => {
        const view = masks.views.find((one) => one.camera === id && one.preset === preset.id)
        return { ...preset, ...(view && { masks: view.masks }) }
      }),
      ...(tour && { tour }),
    })),
    ...(lane.lanes.length > 0 && { lanes: lane.lanes }),
    ...(lane.gateway && { gateway: lane.gateway }),
    ...(Object.keys(budget).length > 0 && { budget }),
  }
}

/** The documents of a site, of the one that holds them all: `composeSite` makes it again. */
export function splitSite({
  unit: _,
  cameras,
  lanes = [],
  gateway,
  budget = {},
  ...site
}: SiteDocument): SiteDocuments {
  return {
    site,
    camera: {
      cameras: cameras.map(({ schedule: _schedule, presets, ...camera }) => ({
        ...camera,
        presets: presets.map(({ masks: _masks, ...preset }) => preset),
      })),
    },
    lane: { lanes, ...(gateway && { gateway }) },
    masks: {
      views: cameras.flatMap(({ id, presets }) =>
        presets.flatMap(({ id: preset, masks }) => (masks ? [{ camera: id, preset, masks }] : [])),
      ),
    },
    schedule: { cameras: cameras.map(({ id, schedule }) => ({ camera: id, schedule })) },
    budget,
  }
}

/** `configurationProblems` has seen that each camera has one. */
function scheduleOf({ cameras }: SiteDocuments['schedule'], id: string) {
  const found = cameras.find(({ camera }) => camera === id)
  if (found === undefined) throw new Error(`no schedule for ${id}`)
  return found.schedule
}
