import { useMemo } from 'preact/hooks'
import type { PlannedSites } from '../../api/schemas.ts'
import { type Coordinates, layOut } from './projection.ts'

type Props = {
  planned: PlannedSites
  /** What the list beside it is sorted by. */
  from: Coordinates | null
  chosen: string | null
  onPoint: (at: Coordinates) => void
}

/**
 * The département with its sites. Forty of them are too near each other for a glove: a touch sorts the list by distance
 * from there, and the choice is made in the list.
 */
export function SiteMap({ planned: { outline, sites }, from, chosen, onPoint }: Props) {
  const map = useMemo(() => layOut(outline), [outline])
  const hand = from === null ? null : map.project(from)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search and the list beside it do the same by keyboard
    <svg
      class="site-map"
      viewBox={`0 0 ${map.width} ${map.height}`}
      role="img"
      aria-label="Carte du département. Touchez un endroit pour trier la liste par distance."
      onClick={(event) => {
        // The drawing keeps its shape in the room that it has: what is left over lies on both sides.
        const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
        const scale = Math.max(map.width / width, map.height / height)
        const [spareX, spareY] = [(width * scale - map.width) / 2, (height * scale - map.height) / 2]
        onPoint(map.placeAt((event.clientX - left) * scale - spareX, (event.clientY - top) * scale - spareY))
      }}
    >
      <path class="site-map-outline" d={map.path} />
      {sites.map((site) => {
        const { x, y } = map.project(site)
        return <circle key={site.site} class="site-map-site" data-chosen={site.site === chosen} cx={x} cy={y} r="5" />
      })}
      {hand !== null && (
        <g class="site-map-hand">
          <circle cx={hand.x} cy={hand.y} r="11" />
          <circle cx={hand.x} cy={hand.y} r="2" />
        </g>
      )}
    </svg>
  )
}
