import type { Check } from '../check.ts'
import { bytes, dayOf, momentOf, number } from '../in-french.ts'
import { LIMITS } from '../limits.ts'

const DAY_MS = 86_400_000
/** Telemetry comes every ten minutes; a little more for the way. */
const TELEMETRY_WITHIN_S = 15 * 60
const NO_TELEMETRY = 'Le boîtier envoie ses mesures toutes les dix minutes ; les prochaines ne sont pas encore là.'

export const BOX_CHECKS: readonly Check[] = [
  {
    name: 'presence',
    title: 'Le boîtier est en ligne',
    how: 'Le centre a entendu le boîtier se présenter, et rien ne dit depuis que la liaison est rompue.',
    limit: null,
    advice:
      "Vérifiez l'alimentation, l'antenne et la carte SIM ; le voyant du modem doit être fixe. Puis attendez deux minutes.",
    toDo: null,
    mayBeSaid: false,
    withinS: 300,
    judge({ presence, site }) {
      if (presence?.condition === 'online' && presence.site === site.id) {
        return { state: 'passed', measured: `en ligne depuis le ${momentOf(presence.since)}` }
      }
      return {
        state: 'running',
        reason: presence === null ? "Le boîtier ne s'est jamais présenté." : 'Le boîtier est hors ligne.',
      }
    },
  },
  {
    name: 'software',
    title: 'La version du logiciel est connue',
    how: 'La version que le boîtier donne en se présentant.',
    limit: null,
    advice: "Si le boîtier ne donne pas de version, il vient d'un autre lot : remplacez-le.",
    toDo: null,
    mayBeSaid: false,
    withinS: 300,
    judge: ({ presence }) =>
      presence?.software === null || presence === null
        ? { state: 'running', reason: "Le boîtier ne s'est pas encore présenté." }
        : { state: 'passed', measured: `version ${presence.software}` },
  },
  {
    name: 'certificate',
    title: 'Le certificat du boîtier est le bon',
    how: "Le certificat présenté : délivré par l'autorité, pour ce boîtier et ce site, encore valable assez longtemps.",
    limit: LIMITS.certificateDays.words,
    advice: "Enrôlez le boîtier à nouveau avec un code d'installation de ce site.",
    toDo: null,
    mayBeSaid: false,
    withinS: 300,
    judge({ keys, site, now }) {
      const key = keys
        .filter((one) => one.unit === site.unit && one.site === site.id)
        .toSorted((one, other) => other.certificateEndsAt - one.certificateEndsAt)[0]
      if (key === undefined) return { state: 'running', reason: 'Aucun certificat valable de ce boîtier pour ce site.' }
      const days = Math.floor((key.certificateEndsAt - now) / DAY_MS)
      const measured = `${site.unit} à ${site.id}, jusqu'au ${dayOf(key.certificateEndsAt)} (${number(days)} jours)`
      if (days >= LIMITS.certificateDays.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'Il expire trop tôt : son renouvellement a échoué.' }
    },
  },
  {
    name: 'configuration',
    title: 'Le boîtier a les bons réglages',
    how: 'La version des réglages que le boîtier dit avoir essayée et confirmée, contre celle qui est souhaitée.',
    limit: 'la version souhaitée',
    advice:
      "Si le boîtier est revenu à l'ancienne version, sa raison dit quoi corriger dans les réglages du site ; puis faites-la essayer à nouveau.",
    toDo: null,
    mayBeSaid: false,
    withinS: 900,
    // A unit that is shut off or started again while it tries its settings goes back to those of before.
    isBeforeDrills: true,
    judge({ configuration, site }) {
      if (configuration === null) return { state: 'waiting', reason: "Ce site n'a pas encore de réglages au centre." }
      const { desired, reported } = configuration
      if (reported === null || reported.unit !== site.unit) {
        return { state: 'running', reason: "Le boîtier n'a pas encore dit quels réglages il a." }
      }
      if (reported.version === desired && reported.trying === null) {
        return { state: 'passed', measured: `version ${desired}, depuis le ${momentOf(reported.since)}` }
      }
      if (reported.refused?.version === desired) {
        const { reason, about } = reported.refused
        return {
          state: 'failed',
          reason: `Refusée par le boîtier : ${reason}${about === undefined ? '' : ` (${about})`}.`,
        }
      }
      if (reported.trying === desired) return { state: 'running', reason: `La version ${desired} est à l'essai.` }
      return { state: 'running', reason: `Version ${reported.version} ; la version ${desired} est en route.` }
    },
  },
  {
    name: 'old-unit-revoked',
    title: "L'ancien boîtier est révoqué",
    how: "Les certificats du boîtier remplacé, tels que l'autorité les donne.",
    limit: 'plus aucun certificat valable',
    advice: "L'ancien boîtier est révoqué dès que le nouveau tourne. Sinon, révoquez-le à la page Parc.",
    toDo: null,
    mayBeSaid: false,
    withinS: 300,
    judge({ commissioning, replaced, now }) {
      if (commissioning.kind !== 'replacement')
        return { state: 'not-applicable', reason: "Ce n'est pas un remplacement." }
      const old = commissioning.replacedUnit
      if (replaced.length === 0) return { state: 'running', reason: `Aucun certificat de ${old} n'est connu.` }
      const valid = replaced.filter(({ revokedAt, endsAt }) => revokedAt === null && endsAt > now)
      if (valid.length > 0) return { state: 'running', reason: `${old} a encore un certificat valable.` }
      return { state: 'passed', measured: `${old} n'a plus de certificat valable` }
    },
  },
  {
    name: 'unit-clock',
    title: "L'horloge du boîtier est juste",
    how: "L'écart de l'horloge du boîtier avec celle du centre, et l'état qu'il donne à ses dernières images.",
    limit: LIMITS.unitClockMs.words,
    advice: "Le boîtier se met à l'heure par le réseau : attendez cinq minutes en ligne. Sinon, sa pile est à changer.",
    toDo: null,
    mayBeSaid: false,
    withinS: TELEMETRY_WITHIN_S,
    judge({ latest, readings }) {
      const offsetMs = readings.findLast(({ clockOffsetMs }) => clockOffsetMs !== null)?.clockOffsetMs
      const unsure = latest.filter(({ clock }) => clock !== 'synchronised')
      if (offsetMs === undefined || offsetMs === null) return { state: 'running', reason: NO_TELEMETRY }
      const measured = `${number(Math.abs(offsetMs))} ms d'écart`
      if (unsure.length > 0) return { state: 'running', reason: "Les dernières images n'ont pas d'heure sûre." }
      if (Math.abs(offsetMs) <= LIMITS.unitClockMs.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: "L'horloge est trop loin de l'heure juste." }
    },
  },
  {
    name: 'temperature',
    title: 'La température du boîtier est bonne',
    how: 'La plus haute température du processeur dans le dernier quart d’heure.',
    limit: LIMITS.temperatureC.words,
    advice: "Mettez le coffret à l'ombre, dégagez ses ouïes, écartez le boîtier de l'alimentation.",
    toDo: null,
    mayBeSaid: true,
    withinS: TELEMETRY_WITHIN_S,
    judge({ readings }) {
      if (readings.length === 0) return { state: 'running', reason: NO_TELEMETRY }
      const known = readings.flatMap(({ temperatureC }) => (temperatureC === null ? [] : [temperatureC]))
      if (known.length === 0)
        return { state: 'not-applicable', reason: "Ce boîtier n'a pas de capteur de température." }
      const highest = Math.max(...known)
      const measured = `${number(highest)} °C`
      if (highest <= LIMITS.temperatureC.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'Le boîtier est trop chaud.' }
    },
  },
  {
    name: 'disk-free',
    title: 'Le disque a de la place',
    how: 'La place libre que le boîtier a mesurée en dernier.',
    limit: LIMITS.diskFreeBytes.words,
    advice: 'Mettez une carte plus grande, ou neuve : un boîtier neuf doit être presque vide.',
    toDo: null,
    mayBeSaid: false,
    withinS: TELEMETRY_WITHIN_S,
    judge({ readings }) {
      const reading = readings.findLast(({ diskFreeBytes }) => diskFreeBytes !== null)
      if (reading === undefined || reading.diskFreeBytes === null) return { state: 'running', reason: NO_TELEMETRY }
      const of = reading.diskTotalBytes === null ? '' : ` sur ${bytes(reading.diskTotalBytes)}`
      const measured = `${bytes(reading.diskFreeBytes)} libres${of}`
      if (reading.diskFreeBytes >= LIMITS.diskFreeBytes.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: "Il n'y a pas assez de place pour une panne de réseau d'un jour." }
    },
  },
  {
    name: 'memory',
    title: 'La mémoire suffit',
    how: 'La mémoire libre du boîtier dans le dernier quart d’heure, au plus bas.',
    limit: LIMITS.memoryFreeBytes.words,
    advice: 'Redémarrez le boîtier ; si elle reste basse, un autre programme y tourne : prévenez le bureau.',
    toDo: null,
    mayBeSaid: false,
    withinS: TELEMETRY_WITHIN_S,
    judge({ readings }) {
      const free = readings.flatMap(({ memoryFreeBytes }) => (memoryFreeBytes === null ? [] : [memoryFreeBytes]))
      if (free.length === 0) return { state: 'running', reason: NO_TELEMETRY }
      const lowest = Math.min(...free)
      const measured = `${bytes(lowest)} libres`
      if (lowest >= LIMITS.memoryFreeBytes.value) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'Le boîtier manque de mémoire.' }
    },
  },
]
