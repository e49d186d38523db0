import { byView, type Check, type Facts, viewsOf } from '../check.ts'
import { number } from '../in-french.ts'
import { LIMITS } from '../limits.ts'
import { densityAt, FACE_M, lowestUncovered, PLATE_M, type Scale, scaleOf } from '../pixel-density.ts'

const NO_CAMERA = "Aucune caméra n'est encore choisie."

/** The scale of each view's road, from what was measured in its picture; null where it cannot be known. */
function scalesOf({ site, latest, entered }: Facts): { view: string; scale: Scale | null; lowest: number | null }[] {
  return viewsOf(site).map(({ view, camera, preset }) => {
    const frame = latest.find((one) => one.camera === camera.id && one.preset === preset.id)
    // As it will be published: a picture that is not there yet has the planned width, at 16:9.
    const size = frame ?? { widthPx: camera.picture.widthPx, heightPx: (camera.picture.widthPx * 9) / 16 }
    const drawn = entered.masks?.views[view]
    return {
      view,
      scale: scaleOf(drawn?.measures ?? [], size),
      lowest: lowestUncovered(preset.masks?.zones ?? []),
    }
  })
}

/** A check of the greatest density outside the masks, of what stands so high over the road. */
const densityCheck = ({
  name,
  title,
  aboveM,
  limit,
  what,
}: {
  name: string
  title: string
  aboveM: number
  limit: { value: number; words: string }
  what: string
}): Check => ({
  name,
  title,
  how: `La largeur de la route, donnée à deux hauteurs de l'image, dit combien de pixels fait un mètre partout ; le calcul vaut pour ${what} au bas de ce qui n'est pas masqué.`,
  limit: limit.words,
  advice:
    "Descendez le bord d'un masque sur le bas de l'image, ou réduisez la largeur de l'image publiée, puis approuvez les masques à nouveau.",
  toDo: null,
  mayBeSaid: false,
  withinS: 60,
  judge(facts) {
    const views = scalesOf(facts)
    if (views.length === 0) return { state: 'waiting', reason: NO_CAMERA }
    const unknown = views.filter(({ scale, lowest }) => scale === null && lowest !== null)
    if (unknown.length > 0) {
      const names = unknown.map(({ view }) => view).join(', ')
      return { state: 'waiting', reason: `Donnez la largeur de la route à deux hauteurs de l'image : ${names}.` }
    }
    const densities = views.map(({ view, scale, lowest }) => ({
      view,
      pxPerM: scale === null || lowest === null ? 0 : densityAt(scale, lowest, aboveM),
    }))
    const measured = byView(densities.map(({ view, pxPerM }) => ({ view, text: densityInFrench(pxPerM) })))
    const over = densities.filter(({ pxPerM }) => pxPerM >= limit.value)
    if (over.length === 0) return { state: 'passed', measured }
    return {
      state: 'failed',
      measured,
      reason: `Trop de détail hors des masques : ${over.map(({ view }) => view).join(', ')}.`,
    }
  },
})

const densityInFrench = (pxPerM: number): string =>
  Number.isFinite(pxPerM) ? `${number(pxPerM)} px/m au plus` : 'la caméra est à hauteur de visage'

export const MASK_CHECKS: readonly Check[] = [
  {
    name: 'masks-approved',
    title: 'Les masques de chaque vue sont approuvés',
    how: 'Chaque vue a un document de masques approuvé, et sa dernière image le porte.',
    limit: 'toutes les vues',
    advice: "Dessinez et approuvez les masques de la vue ; une vue où il n'y a rien à cacher s'approuve sans masque.",
    toDo: null,
    mayBeSaid: false,
    withinS: 600,
    judge({ site, latest }) {
      const views = viewsOf(site)
      if (views.length === 0) return { state: 'waiting', reason: NO_CAMERA }
      const without = views.filter(({ preset }) => preset.masks === undefined).map(({ view }) => view)
      if (without.length > 0) return { state: 'failed', reason: `Sans masques approuvés : ${without.join(', ')}.` }
      const waiting = views.filter(({ camera, preset }) => {
        const frame = latest.find((one) => one.camera === camera.id && one.preset === preset.id)
        return frame?.maskVersion !== preset.masks?.version
      })
      if (waiting.length > 0) {
        const names = waiting.map(({ view }) => view).join(', ')
        return { state: 'running', reason: `Pas encore d'image sous les masques approuvés : ${names}.` }
      }
      const told = views.map(({ view, preset }) => ({
        view,
        text: `version ${preset.masks?.version}, ${preset.masks?.zones.length} zone(s), approuvés le ${preset.masks?.approvedOn}`,
      }))
      return { state: 'passed', measured: byView(told) }
    },
  },
  densityCheck({
    name: 'faces-not-recognisable',
    title: 'Aucun visage reconnaissable hors des masques',
    aboveM: FACE_M,
    limit: LIMITS.facePxPerM,
    what: 'un visage à 1,70 m du sol',
  }),
  densityCheck({
    name: 'plates-not-readable',
    title: 'Aucune plaque lisible hors des masques',
    aboveM: PLATE_M,
    limit: LIMITS.platePxPerM,
    what: 'une plaque à 0,50 m du sol',
  }),
  {
    name: 'road-zone',
    title: 'La zone de route est tracée, et assez détaillée',
    how: 'Une zone de route dans chaque vue ; la densité de pixels à son point le plus lointain.',
    limit: LIMITS.roadPxPerM.words,
    advice:
      "Tracez la zone de route du doigt sur l'image. Si elle est trop lointaine, rapprochez la vue ou réduisez la zone.",
    toDo: null,
    mayBeSaid: false,
    withinS: 60,
    judge(facts) {
      const scales = scalesOf(facts)
      if (scales.length === 0) return { state: 'waiting', reason: NO_CAMERA }
      const zones = scales.map(({ view, scale }) => {
        const zone = facts.entered.masks?.views[view]?.roadZone
        const farthest = zone === undefined ? null : Math.min(...zone.map(([, y]) => y))
        return { view, farthest, pxPerM: farthest === null || scale === null ? null : densityAt(scale, farthest, 0) }
      })
      const undrawn = zones.filter(({ farthest }) => farthest === null).map(({ view }) => view)
      if (undrawn.length > 0) return { state: 'waiting', reason: `Tracez la zone de route : ${undrawn.join(', ')}.` }
      const told = zones.map(({ view, pxPerM }) => ({
        view,
        text: pxPerM === null ? 'tracée, échelle inconnue' : `${number(pxPerM)} px/m au plus loin`,
      }))
      const measured = byView(told)
      const far = zones.filter(({ pxPerM }) => pxPerM !== null && pxPerM < LIMITS.roadPxPerM.value)
      if (far.length === 0) return { state: 'passed', measured }
      return {
        state: 'failed',
        measured,
        reason: `La route y est trop lointaine : ${far.map(({ view }) => view).join(', ')}.`,
      }
    },
  },
]
