import type { CameraId } from '@vigie/contract/ids'
import { byView, type Check, viewsOf } from '../check.ts'
import { bytes, number, seconds } from '../in-french.ts'
import { LIMITS } from '../limits.ts'
import { answerOf } from './asked.ts'

const MONTH_S = 30 * 86_400
/** A probe is asked for, done and told in a minute on a thin line. */
const PROBE_WITHIN_S = 180

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0

const base = { toDo: null, mayBeSaid: false, withinS: PROBE_WITHIN_S } as const

export const PROBE_CHECKS: readonly Check[] = [
  {
    ...base,
    name: 'camera-clock',
    title: "L'horloge de chaque caméra",
    how: "Le boîtier demande l'heure à la caméra et la compare à la sienne.",
    limit: LIMITS.cameraClockS.words,
    advice: "Mettez la caméra à l'heure dans ses réglages, en UTC ou avec le bon fuseau, et donnez-lui un serveur NTP.",
    mayBeSaid: true,
    asks: ({ site }) =>
      site.cameras.map(({ id }) => ({ as: id, body: { name: 'probe', what: 'camera', camera: id as CameraId } })), // the document's schema has the same pattern
    judge(facts) {
      if (facts.site.cameras.length === 0) return { state: 'waiting', reason: "Aucune caméra n'est encore choisie." }
      const offsets: { view: string; offsetMs: number | null }[] = []
      for (const { id } of facts.site.cameras) {
        const answer = answerOf(facts, id, 'camera')
        if (!('result' in answer)) return answer
        offsets.push({ view: id, offsetMs: answer.result.clockOffsetMs })
      }
      const known = offsets.flatMap(({ view, offsetMs }) => (offsetMs === null ? [] : [{ view, offsetMs }]))
      if (known.length === 0) return { state: 'not-applicable', reason: "Aucune caméra ne donne l'heure." }
      const measured = byView(
        known.map(({ view, offsetMs }) => ({ view, text: `${seconds(Math.abs(offsetMs))} d'écart` })),
      )
      const isRight = known.every(({ offsetMs }) => Math.abs(offsetMs) <= LIMITS.cameraClockS.value * 1000)
      if (isRight) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: "Une caméra n'est pas à l'heure." }
    },
  },
  {
    ...base,
    name: 'uplink-speed',
    title: 'Le débit vers le centre',
    how: 'Le boîtier envoie un essai de taille connue et mesure le temps.',
    limit: LIMITS.uplinkKbitPerS.words,
    advice: "Orientez ou montez l'antenne, essayez l'autre opérateur. En dernier recours, espacez les prises de vue.",
    asks: () => [{ as: 'link', body: { name: 'probe', what: 'link' } }],
    judge(facts) {
      const answer = answerOf(facts, 'link', 'link')
      if (!('result' in answer)) return answer
      const { sentBytes, tookMs, signalDbm } = answer.result
      const kbitPerS = (sentBytes * 8) / Math.max(1, tookMs)
      const signal = signalDbm === null ? '' : `, signal ${number(signalDbm)} dBm`
      const measured = `${number(Math.round(kbitPerS))} kbit/s${signal}`
      if (kbitPerS >= LIMITS.uplinkKbitPerS.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'La liaison est trop lente pour ce site.' }
    },
  },
  {
    ...base,
    name: 'uplink-delay',
    title: 'Le délai de la liaison',
    how: "Le temps d'aller et retour de messages vides entre le boîtier et le centre, la valeur du milieu.",
    limit: LIMITS.uplinkDelayMs.words,
    advice: "Orientez ou montez l'antenne ; un réseau 2G ne suffit pas.",
    asks: () => [{ as: 'link', body: { name: 'probe', what: 'link' } }],
    judge(facts) {
      const answer = answerOf(facts, 'link', 'link')
      if (!('result' in answer)) return answer
      const { roundTripsMs } = answer.result
      const measured = `${seconds(median(roundTripsMs))} (au plus ${seconds(Math.max(...roundTripsMs))})`
      if (median(roundTripsMs) <= LIMITS.uplinkDelayMs.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'La liaison répond trop lentement.' }
    },
  },
  {
    ...base,
    name: 'sim-budget',
    title: 'Le forfait de la carte SIM suffit',
    how: 'Le poids de la dernière image de chaque vue, à la cadence de jour, sur trente jours, sans compter ce que les vues inchangées épargnent.',
    limit: LIMITS.simBytesPerMonth.words,
    advice: "Réduisez la largeur ou la qualité de l'image, ou espacez les prises de vue, la nuit d'abord.",
    withinS: 600,
    judge({ site, latest }) {
      const views = viewsOf(site)
      if (views.length === 0) return { state: 'waiting', reason: "Aucune caméra n'est encore choisie." }
      const monthly = views.map(({ camera, preset }) => {
        const frame = latest.find((one) => one.camera === camera.id && one.preset === preset.id)
        return frame === undefined ? null : (frame.bytes * MONTH_S) / camera.schedule.intervalS
      })
      if (monthly.includes(null)) return { state: 'running', reason: "Pas encore d'image de chaque vue." }
      const total = monthly.reduce<number>((sum, one) => sum + (one ?? 0), 0)
      const measured = `${bytes(total)} par mois au plus`
      if (total <= LIMITS.simBytesPerMonth.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'Le forfait serait dépassé.' }
    },
  },
  {
    ...base,
    name: 'disk-write',
    title: 'Le disque écrit assez vite',
    how: 'Le boîtier écrit de petits enregistrements et attend que chacun soit sur le disque ; le plus lent compte.',
    limit: LIMITS.diskWriteMs.words,
    advice: 'Changez la carte : une carte lente ou usée perd des images et finit par casser.',
    asks: () => [{ as: 'disk', body: { name: 'probe', what: 'disk' } }],
    judge(facts) {
      const answer = answerOf(facts, 'disk', 'disk')
      if (!('result' in answer)) return answer
      const { writesMs, wornPercent } = answer.result
      const worn = wornPercent === null ? '' : `, usé à ${number(wornPercent)} %`
      const measured = `${seconds(Math.max(...writesMs))} au plus lent${worn}`
      if (Math.max(...writesMs) <= LIMITS.diskWriteMs.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'Le disque est trop lent.' }
    },
  },
]
