import type { CameraId } from '@vigie/contract/ids'
import type { StoredFrame } from '../../store/frames.ts'
import { byView, type Check } from '../check.ts'
import { lasting, number } from '../in-french.ts'
import { LIMITS } from '../limits.ts'
import { doneOf } from './asked.ts'

const EARTH_RADIUS_M = 6_371_000

export const PUBLICATION_CHECKS: readonly Check[] = [
  {
    name: 'capture-to-page',
    title: 'De la prise de vue à la page publique',
    how: 'Le boîtier prend une image tout de suite : de la prise de vue à son arrivée au centre, prête à être montrée.',
    limit: LIMITS.captureToPageS.words,
    advice: "Regardez le débit et le délai de la liaison, et ce qui attend dans la file d'envoi du boîtier.",
    toDo: null,
    mayBeSaid: false,
    withinS: 10 * 60,
    // Asked for, it is not one that a drill holds back.
    asks: ({ site }) => site.cameras.map(({ id }) => ({ as: id, body: { name: 'frame-now', camera: id as CameraId } })), // the document's schema has the same pattern
    judge(facts, { startedAt }) {
      if (facts.site.cameras.length === 0) return { state: 'waiting', reason: "Aucune caméra n'est encore choisie." }
      // Refused, as before the box has tried its masks, it leaves the next planned picture to wait for.
      const asked = facts.site.cameras.map(({ id }) => doneOf(facts, id))
      const pending = asked.find((one) => 'state' in one && one.state !== 'failed')
      if (pending !== undefined && 'state' in pending) return pending
      const slowestOf = (frames: readonly StoredFrame[]) =>
        Math.max(...frames.map(({ capturedAt, receivedAt }) => receivedAt - capturedAt))
      const limitMs = LIMITS.captureToPageS.value * 1000
      const seen = facts.latest.filter(({ capturedAt, seenAt }) => Math.max(capturedAt, seenAt ?? 0) >= startedAt)
      const fresh = seen.filter(({ capturedAt }) => capturedAt >= startedAt)
      if (fresh.some(({ thumbnails }) => thumbnails === 'missing')) {
        return { state: 'running', reason: 'Une image est arrivée, elle est en préparation.' }
      }
      if (fresh.length > 0 && slowestOf(fresh) > limitMs) {
        const measured = `${number(slowestOf(fresh) / 1000)} s`
        return { state: 'failed', measured, reason: "L'image a mis trop de temps." }
      }
      // Of a view in which nothing has changed there is no new picture: the one that stands says how long it took.
      if (seen.length === 0 || slowestOf(seen) > limitMs) {
        return { state: 'running', reason: 'La prochaine image est attendue.' }
      }
      return { state: 'passed', measured: `${number(slowestOf(seen) / 1000)} s` }
    },
  },
  {
    name: 'public-freshness',
    title: 'Le site est à jour sur la page publique',
    how: "L'état de chaque vue, tel que la page publique le montre.",
    limit: 'à jour',
    advice:
      'Attendez une prise de vue. Si la vue reste en retard, regardez les vérifications de la caméra et de la liaison.',
    toDo: null,
    mayBeSaid: false,
    withinS: 20 * 60,
    judge({ webcams, now }) {
      const views = webcams.flatMap(({ properties }) =>
        properties.presets.map(({ id, freshness, seenAt }) => ({ view: `${properties.id}/${id}`, freshness, seenAt })),
      )
      if (views.length === 0) return { state: 'waiting', reason: "Aucune caméra n'est encore choisie." }
      const behind = views.filter(({ freshness }) => freshness !== 'fresh')
      if (behind.length > 0) {
        return { state: 'running', reason: `Pas encore à jour : ${behind.map(({ view }) => view).join(', ')}.` }
      }
      const told = views.map(({ view, seenAt }) => ({
        view,
        text: `à jour, vue il y a ${lasting(now - Date.parse(seenAt ?? new Date(now).toISOString()))}`,
      }))
      return { state: 'passed', measured: byView(told) }
    },
  },
  {
    name: 'photos',
    title: "Les photos de l'installation",
    how: 'Le nombre de photos envoyées.',
    limit: LIMITS.photos.words,
    advice: "Photographiez le mât entier, le coffret ouvert et l'alimentation.",
    toDo: null,
    mayBeSaid: false,
    withinS: 60,
    judge({ photos }) {
      const measured = `${photos.length} photo${photos.length > 1 ? 's' : ''}`
      if (photos.length >= LIMITS.photos.value) return { state: 'passed', measured }
      return { state: 'waiting', reason: `${measured} pour l'instant.` }
    },
  },
  {
    name: 'position',
    title: 'Le site est bien là où il est dit',
    how: 'La distance entre la position du téléphone et celle du site.',
    limit: LIMITS.positionM.words,
    advice:
      "Si le site est mal placé sur la carte, corrigez ses coordonnées ; si le téléphone se trompe, dites-le d'un mot.",
    toDo: null,
    mayBeSaid: true,
    withinS: 60,
    judge({ site, entered }) {
      const position = entered.site?.position
      if (position === undefined) return { state: 'waiting', reason: "Le téléphone n'a pas donné sa position." }
      const metres = distanceM(position, site)
      const exact = position.accuracyM === undefined ? '' : ` (à ${number(Math.round(position.accuracyM))} m près)`
      const measured = `${number(Math.round(metres))} m${exact}`
      if (metres - (position.accuracyM ?? 0) <= LIMITS.positionM.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'Le téléphone est loin de la position du site.' }
    },
  },
]

type Place = { latitude: number; longitude: number }

/** The way over the ground between two places, by the haversine formula. */
export function distanceM(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [north, east] = [radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)]
  const half =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(east / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)))
}
