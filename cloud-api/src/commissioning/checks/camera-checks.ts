import { byView, type Check, type Facts, type Run, viewsOf } from '../check.ts'
import { lasting, number, seconds } from '../in-french.ts'
import { LIMITS } from '../limits.ts'

const MINUTE_S = 60

/** The newest frame of each view, and whether it was taken since the check began. */
function framesOf({ site, latest, now }: Facts, { startedAt }: Run) {
  return viewsOf(site).map(({ view, camera, preset }) => {
    const frame = latest.find((one) => one.camera === camera.id && one.preset === preset.id)
    const seenAt = frame === undefined ? null : Math.max(frame.capturedAt, frame.seenAt ?? 0)
    return { view, camera, preset, frame, isNew: seenAt !== null && seenAt >= startedAt - MINUTE_S * 1000, seenAt, now }
  })
}

export const CAMERA_CHECKS: readonly Check[] = [
  {
    name: 'camera-answers',
    title: 'Chaque caméra répond',
    how: 'Chaque vue doit donner une image, ou être revue inchangée, depuis le lancement de la vérification.',
    limit: 'une image de chaque vue en 10 min au plus',
    advice:
      "Vérifiez l'alimentation et le câble de la caméra, son adresse et son mot de passe, puis relancez. « Chercher les caméras » montre celles qui répondent.",
    toDo: null,
    mayBeSaid: false,
    withinS: 10 * MINUTE_S,
    judge(facts, run) {
      if (viewsOf(facts.site).length === 0) return { state: 'waiting', reason: "Aucune caméra n'est encore choisie." }
      const failing = facts.cameras.filter(({ condition }) => condition === 'failing')
      const missing = framesOf(facts, run).filter(({ isNew }) => !isNew)
      if (missing.length > 0) {
        const codes = failing.map(({ camera, fault }) => `${camera} : ${fault ?? 'défaut inconnu'}`).join(' ; ')
        const views = missing.map(({ view }) => view).join(', ')
        return { state: 'running', reason: `Pas encore d'image de ${views}${codes === '' ? '' : ` (${codes})`}.` }
      }
      const answers = facts.readings.at(-1)?.answerMs ?? {}
      const times = Object.entries(answers).map(([view, ms]) => ({ view, text: `répond en ${seconds(ms)}` }))
      return { state: 'passed', measured: times.length === 0 ? 'une image de chaque vue' : byView(times) }
    },
  },
  {
    name: 'picture-truth',
    title: "L'image dit vrai : nette, ni noire ni figée",
    how: "Le boîtier juge chaque image : noire, surexposée, floue, figée, d'une autre vue que celle des masques.",
    limit: 'aucun doute sur la dernière image de chaque vue',
    advice:
      "Nettoyez la vitre, réglez la mise au point, retirez ce qui cache la vue. Si l'image est figée, redémarrez la caméra. Si la vue a bougé, recadrez et approuvez les masques à nouveau.",
    toDo: null,
    mayBeSaid: false,
    withinS: 10 * MINUTE_S,
    judge(facts, run) {
      const views = framesOf(facts, run)
      if (views.length === 0) return { state: 'waiting', reason: "Aucune caméra n'est encore choisie." }
      const held = facts.cameras.filter(({ fault }) => fault !== null && WRONG_PICTURES.has(fault))
      if (held.length > 0) {
        const codes = held.map(({ camera, fault }) => `${camera} : ${WRONG_PICTURES.get(fault ?? '')}`)
        return { state: 'failed', reason: `${codes.join(' ; ')}.` }
      }
      const missing = views.filter(({ isNew }) => !isNew)
      if (missing.length > 0) {
        return { state: 'running', reason: `Pas encore d'image de ${missing.map(({ view }) => view).join(', ')}.` }
      }
      const doubted = views.filter(({ frame }) => frame !== undefined && frame.doubts !== '')
      if (doubted.length > 0) {
        const told = doubted.map(({ view, frame }) => ({ view, text: doubtsInFrench(frame?.doubts ?? '') }))
        return { state: 'failed', reason: `${byView(told)}.` }
      }
      const ages = views.map(({ view, seenAt, now }) => ({
        view,
        text: `vue il y a ${lasting(now - (seenAt ?? now))}`,
      }))
      return { state: 'passed', measured: `aucun doute (${byView(ages)})` }
    },
  },
  {
    name: 'picture-size',
    title: 'La définition suffit',
    how: 'La largeur de la dernière image de chaque vue.',
    limit: LIMITS.pictureWidthPx.words,
    advice:
      "Choisissez dans la caméra un profil plus large, et dans les réglages du site une largeur d'au moins 1 280 px.",
    toDo: null,
    mayBeSaid: false,
    withinS: 10 * MINUTE_S,
    judge(facts, run) {
      const views = framesOf(facts, run)
      if (views.length === 0) return { state: 'waiting', reason: "Aucune caméra n'est encore choisie." }
      const missing = views.filter(({ frame }) => frame === undefined)
      if (missing.length > 0) return { state: 'running', reason: "Pas encore d'image de chaque vue." }
      const sizes = views.map(({ view, frame }) => ({
        view,
        text: `${number(frame?.widthPx ?? 0)} × ${number(frame?.heightPx ?? 0)} px`,
      }))
      const isEnough = views.every(({ frame }) => (frame?.widthPx ?? 0) >= LIMITS.pictureWidthPx.value)
      const measured = byView(sizes)
      return isEnough
        ? { state: 'passed', measured }
        : { state: 'failed', measured, reason: "L'image d'une vue est trop étroite." }
    },
  },
]

/** Faults for which no picture goes out, or none that could be believed; codes of the agent's table. */
const WRONG_PICTURES = new Map([
  ['picture-frozen', 'image figée'],
  ['view-moved', 'la vue a bougé depuis que ses masques ont été approuvés'],
  ['picture-not-road', "la caméra donne une page à elle au lieu d'une image"],
])

const DOUBTS = new Map([
  ['picture-black', 'image noire'],
  ['picture-overexposed', 'image surexposée'],
  ['picture-blurred', 'image floue'],
])

const doubtsInFrench = (doubts: string): string =>
  doubts
    .split(' ')
    .map((code) => DOUBTS.get(code) ?? code)
    .join(', ')
