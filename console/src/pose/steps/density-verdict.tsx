import { Glyph } from '../../look/glyph.tsx'
import { HARD, NARROW, numberInWords } from '../../look/wording.ts'
import { densitiesOf, LIMITS, type Measure, scaleOf } from '../drawing/density.ts'
import type { Sheet } from '../drawing/drawing.ts'

/** The width of a published picture unless the site's settings say otherwise. */
export const PUBLISHED_WIDTH_PX = 1280

const inPixels = (pxPerM: number) =>
  Number.isFinite(pxPerM) ? `${numberInWords(Math.round(pxPerM))}${HARD}px/m` : 'sans limite'

/** What a metre shows outside the masks: of a face, of a plate, of the road; and what to do where that is too much. */
export function DensityVerdict({
  measures,
  sheet,
  aspect,
}: {
  measures: readonly Measure[]
  sheet: Sheet
  aspect: number
}) {
  const scale = scaleOf(measures, { widthPx: PUBLISHED_WIDTH_PX, heightPx: PUBLISHED_WIDTH_PX / aspect })
  if (scale === null) {
    return (
      <p class="notice">
        Les deux lignes sont trop proches, ou celle du bas est la plus courte. Placez l’une loin, l’autre près.
      </p>
    )
  }
  const { face, plate, road, hideBelow } = densitiesOf(
    scale,
    sheet.zones.map(({ polygon }) => polygon),
    sheet.road,
  )
  const lines = [
    { name: 'Visages', ...face, limit: `${LIMITS.facePxPerM}${HARD}px/m au plus` },
    { name: 'Plaques', ...plate, limit: `${LIMITS.platePxPerM}${HARD}px/m au plus` },
    ...(road === null
      ? []
      : [{ name: 'Route au loin', ...road, limit: `${numberInWords(LIMITS.roadPxPerM)}${HARD}px/m au moins` }]),
  ]
  return (
    <section class="verdict" aria-label="Finesse de l’image" data-right={hideBelow === null}>
      <ul>
        {lines.map(({ name, pxPerM, isRight, limit }) => (
          <li key={name} data-right={isRight}>
            <Glyph name={isRight ? 'fresh' : 'failing'} />
            <strong>{name}</strong>
            <span>
              {inPixels(pxPerM)}
              <small>{limit}</small>
            </span>
          </li>
        ))}
      </ul>
      <p>
        {hideBelow === null
          ? 'Ni visage ni plaque ne peut être lu hors des masques.'
          : `Le premier plan est trop fin${NARROW}: masquez tout ce qui est plus bas que ${numberInWords(Math.round(hideBelow * 100))}${HARD}% de l’image, ou visez plus loin.`}
        {road !== null &&
          !road.isRight &&
          ' La route est trop loin pour être jugée : rapprochez la vue.'.replace(' :', `${NARROW}:`)}
      </p>
    </section>
  )
}
