import { Glyph } from '../../look/glyph.tsx'
import { HARD, NARROW, numberInWords } from '../../look/wording.ts'
import { type Densities, densitiesOf, LIMITS, type Measure, scaleOf } from '../drawing/density.ts'
import type { Sheet } from '../drawing/drawing.ts'

/** The width of a published picture unless the site's settings say otherwise. */
export const PUBLISHED_WIDTH_PX = 1280

const inPixels = (pxPerM: number) =>
  Number.isFinite(pxPerM) ? `${numberInWords(Math.round(pxPerM))}${HARD}px/m` : 'sans limite'

/** What a metre shows of a view; null while its scale is not known. */
export function densitiesIn(measures: readonly Measure[], { zones, road }: Sheet, aspect: number): Densities | null {
  const scale = scaleOf(measures, { widthPx: PUBLISHED_WIDTH_PX, heightPx: PUBLISHED_WIDTH_PX / aspect })
  if (scale === null) return null
  const masks = zones.map(({ polygon }) => polygon)
  return densitiesOf(scale, masks, road)
}

type Props = { densities: Densities | null; onHide: (below: number) => void }

/** What a metre shows outside the masks: of a face, of a plate, of the road; and what to do where that is too much. */
export function DensityVerdict({ densities, onHide }: Props) {
  if (densities === null) {
    return (
      <p class="notice">
        Les deux lignes sont trop proches, ou celle du bas est la plus courte. Placez l’une loin, l’autre près.
      </p>
    )
  }
  const { face, plate, road, hideBelow } = densities
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
          : `Le premier plan est trop fin${NARROW}: on y lirait un visage ou une plaque. Masquez le bas de l’image, ou visez plus loin.`}
        {road?.isRight === false && ` La route est trop loin pour être jugée${NARROW}: rapprochez la vue.`}
      </p>
      {hideBelow !== null && (
        <button type="button" onClick={() => onHide(hideBelow)}>
          Masquer le premier plan
        </button>
      )}
    </section>
  )
}
