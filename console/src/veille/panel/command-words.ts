import type { Command, CommandBody, CommandResult } from '../../api/schemas.ts'
import { bytesInWords } from '../../look/byte-size.ts'
import { countInWords, HARD, NARROW, numberInWords, timeOfDay } from '../../look/wording.ts'
import { faultWords } from '../fault-words.ts'
import { CLOCK_WORDS } from '../words.ts'

const PROBES = {
  link: 'Examen de la liaison',
  disk: 'Examen du disque',
  clock: 'Examen de l’horloge',
  camera: 'Examen de la caméra',
  reader: 'Examen du lecteur',
  lane: 'Examen du passage',
  logs: 'Lecture du journal',
} as const

/** What was asked, as a person would name it. */
export function commandInWords(body: CommandBody): string {
  switch (body.name) {
    case 'frame-now':
      return 'Image maintenant'
    case 'watch-closely':
      return body.minutes === 0 ? 'Fin du suivi rapproché' : `Suivi rapproché pendant ${body.minutes}${HARD}min`
    case 'thrifty':
      return body.on ? 'Mode économe' : 'Fin du mode économe'
    case 'reboot-camera':
      return 'Redémarrage de la caméra'
    case 'restart-agent':
      return 'Redémarrage de l’agent'
    case 'resend-history':
      return 'Envoi de tout ce qui attend'
    case 'probe':
      return PROBES[body.what]
    case 'find-cameras':
      return 'Recherche de caméras'
    case 'look':
      return body.seconds === 0 ? 'Fin du cadrage en direct' : 'Cadrage en direct'
    case 'drill':
      return `Exercice de coupure de ${body.seconds}${HARD}s`
    case 'open-lane':
      return 'Ouverture du passage'
    case 'free-rotation':
      return body.on ? 'Passage libre' : 'Fin du passage libre'
    case 'out-of-service':
      return body.on ? 'Mise hors service' : 'Remise en service'
  }
}

/** Why a unit or the centre said no, by the code; what is a fault of the unit has its words there. */
const REFUSALS: Record<string, string> = {
  'clock-unknown': 'l’unité ne connaît pas encore l’heure',
  'too-many-commands': 'l’unité a trop de demandes à la fois',
  'lives-too-long': 'la demande porte trop loin',
  'command-unknown': 'le logiciel de l’unité ne connaît pas cette demande',
  'camera-unknown': 'l’unité n’a pas cette caméra',
  'camera-at-work': 'cette caméra est en service et ne peut pas être tournée',
  'camera-address-foreign': 'cette adresse n’est pas sur le réseau du site',
  'secret-sealed': 'l’unité n’a pas pu ouvrir le mot de passe',
  'too-many-frames': 'trop d’images ont déjà été demandées',
  'lane-absent': 'l’unité n’a pas de passage',
  'lane-busy': 'le passage est déjà ouvert à quelqu’un',
  'lane-out': 'le passage est hors service ou en défaut',
  'reader-absent': 'l’unité n’a pas de lecteur',
  'no-network': 'l’unité n’a pas de réseau à interroger',
  'drill-under-way': 'un exercice est déjà en cours',
  interrupted: 'l’unité a redémarré avant la fin',
  'not-delivered': 'l’unité n’a pas été en liaison à temps',
  'no-word': 'l’unité n’a pas répondu à temps',
}

export const refusalInWords = (code: string | null): string =>
  (code !== null && REFUSALS[code]) || (code === null ? 'trop tard pour l’unité' : faultWords(code).title)

/** How far it came, with its time. */
export function lifeInWords(command: Command): string {
  const at = (moment: string | null) => (moment === null ? '' : ` à ${timeOfDay(Date.parse(moment))}`)
  switch (command.step) {
    case 'queued':
      return command.approval === 'awaited'
        ? 'demande en attente de l’accord d’une deuxième personne'
        : 'demande en attente, partira dès que l’unité est en liaison'
    case 'delivered':
      return command.endReason === null
        ? `demande envoyée${at(command.deliveredAt)}, sans réponse encore`
        : `demande pas encore prise${NARROW}: ${refusalInWords(command.endReason)}`
    case 'accepted':
      return `demande acceptée${at(command.acceptedAt)}, en cours`
    case 'done':
      return `demande exécutée${at(command.endedAt)}`
    case 'refused':
      return `demande refusée${at(command.endedAt)}${NARROW}: ${refusalInWords(command.endReason)}`
    case 'expired':
      return `demande expirée${at(command.endedAt)}${NARROW}: ${refusalInWords(command.endReason)}`
  }
}

/** What it found, a sentence each; the lines of a log are no sentences and are shown as they are. */
export function resultInWords(result: CommandResult): string[] {
  switch (result.of) {
    case 'link':
      return linkInWords(result)
    case 'disk':
      return diskInWords(result)
    case 'clock':
      return [
        `L’horloge est ${CLOCK_WORDS[result.state]}.`,
        result.offsetMs === null
          ? 'Son écart n’est pas connu.'
          : `L’horloge de la machine s’écarte de ${milliseconds(Math.abs(result.offsetMs))}, l’unité en tient compte.`,
        `L’unité est allumée depuis ${durationInWords(result.upS)}.`,
      ]
    case 'camera':
      return cameraInWords(result)
    case 'logs':
      return [`${countInWords(result.lines.length, 'ligne du journal', 'lignes du journal', 'Le journal est vide')}.`]
    case 'found-cameras':
      return [
        `${countInWords(result.cameras.length, 'caméra trouvée', 'caméras trouvées', 'Aucune caméra n’a répondu')}.`,
        ...result.cameras.slice(0, 8).map(({ name, model, url }) => `${name || model || 'Sans nom'}${NARROW}: ${url}`),
      ]
    case 'look':
      return [
        `${countInWords(result.sent, 'aperçu envoyé', 'aperçus envoyés', 'Aucun aperçu envoyé')}, ${bytesInWords(result.sentBytes)}.`,
      ]
    case 'drill':
      return [
        `Liaison coupée pendant ${durationInWords(Math.round(result.shutMs / 1000))}.`,
        `${countInWords(result.madeItems, 'élément gardé', 'éléments gardés', 'Rien n’a été produit')} pendant ce temps, dont ${countInWords(result.madeFrames, 'image', 'images', 'aucune image')}.`,
      ]
    case 'history':
      return [
        result.items === 0
          ? 'Rien n’attendait.'
          : `${countInWords(result.items, 'image', 'images')} en attente, ${bytesInWords(result.bytes)}, partent maintenant.`,
      ]
    case 'reader':
      return result.readers.map(readerInWords)
    case 'lane':
      return result.lanes.map(({ lane, mode, fault }) => {
        const wrong = fault === undefined ? '' : `, ${faultWords(fault).title}`
        return `Passage ${lane}${NARROW}: ${LANE_MODE_WORDS[mode]}${wrong}.`
      })
    case 'restart':
      return [`L’agent est revenu après ${durationInWords(Math.round(result.awayMs / 1000))}.`]
  }
}

const LANE_MODE_WORDS: Record<Of<'lane'>['lanes'][number]['mode'], string> = {
  locked: 'en service',
  granted: 'ouvert pour quelqu’un',
  rotating: 'quelqu’un passe',
  free: 'en rotation libre',
  fire: 'ouvert, alarme incendie',
  fault: 'en panne',
  'out-of-service': 'hors service',
}

function readerInWords({ lane, direction, isWorking, lastScanAgoS }: Of<'reader'>['readers'][number]): string {
  const of = `Lecteur ${direction === 'in' ? 'd’entrée' : 'de sortie'} de ${lane}`
  const used =
    lastScanAgoS === null ? 'rien lu depuis le démarrage' : `dernier code il y a ${durationInWords(lastScanAgoS)}`
  return `${of}${NARROW}: ${isWorking ? 'branché' : 'absent'}, ${used}.`
}

type Of<Name extends CommandResult['of']> = Extract<CommandResult, { of: Name }>

function linkInWords({ roundTripsMs, sentBytes, tookMs, signalDbm }: Of<'link'>): string[] {
  const trip = [...roundTripsMs].sort((one, other) => one - other)[Math.floor(roundTripsMs.length / 2)] ?? 0
  const kbitPerS = (sentBytes * 8) / Math.max(1, tookMs)
  return [
    `Aller-retour${NARROW}: ${milliseconds(trip)}${trip > 1000 ? ', la liaison est lente' : ''}.`,
    `Débit montant${NARROW}: ${kbitPerS >= 1000 ? `${numberInWords(Math.round(kbitPerS / 100) / 10)}${HARD}Mbit/s` : `${numberInWords(Math.round(kbitPerS))}${HARD}kbit/s`}.`,
    signalDbm === null
      ? 'La force du signal n’est pas connue.'
      : `Signal${NARROW}: ${numberInWords(signalDbm)}${HARD}dBm.`,
  ]
}

function diskInWords({ freeBytes, totalBytes, writesMs, pieceBytes, pieceMs, wornPercent }: Of<'disk'>): string[] {
  const slowest = Math.max(...writesMs)
  const free =
    freeBytes === null || totalBytes === null
      ? 'La place libre n’est pas connue.'
      : `${bytesInWords(freeBytes)} libres sur ${bytesInWords(totalBytes)}.`
  return [
    free,
    `L’écriture la plus lente a pris ${milliseconds(slowest)}${slowest > 1000 ? ', le disque est lent ou usé' : ''}.`,
    `${bytesInWords(pieceBytes)} écrits en ${milliseconds(pieceMs)}.`,
    wornPercent === null ? 'L’usure n’est pas connue.' : `Usure${NARROW}: ${numberInWords(wornPercent)}${NARROW}%.`,
  ]
}

function cameraInWords({ maker, model, firmware, clockOffsetMs, picture, findings }: Of<'camera'>): string[] {
  const name = [maker, model].filter((word) => word !== null && word !== '').join(' ')
  return [
    name === '' ? 'La caméra ne dit pas son modèle.' : `${name}${firmware ? `, logiciel ${firmware}` : ''}.`,
    picture === null
      ? 'Elle n’a pas donné d’image.'
      : `Image de ${picture.widthPx} × ${picture.heightPx}, ${bytesInWords(picture.bytes)}, en ${milliseconds(picture.answerMs)}.`,
    ...(clockOffsetMs === null ? [] : [`Son horloge s’écarte de ${milliseconds(Math.abs(clockOffsetMs))}.`]),
    ...findings.map((code) => {
      const { title, advice } = faultWords(code)
      return `${title.charAt(0).toUpperCase()}${title.slice(1)}. ${advice}`
    }),
  ]
}

const milliseconds = (ms: number): string =>
  ms < 1000 ? `${numberInWords(Math.round(ms))}${HARD}ms` : `${numberInWords(Math.round(ms / 100) / 10)}${HARD}s`

function durationInWords(seconds: number): string {
  if (seconds < 120) return `${seconds}${HARD}s`
  if (seconds < 7200) return `${Math.round(seconds / 60)}${HARD}min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)}${HARD}h`
  return `${Math.round(seconds / 86_400)}${HARD}jours`
}
