import type { CameraDescription, CameraStep } from '../camera/camera-port.ts'
import { FAULT_WORDING } from './fault-wording.ts'
import { labelled, wrap } from './narrow-text.ts'
import type { Finding, ProbeReport } from './probe-camera.ts'
import { clockText, sizeText } from './quantities.ts'
import type { SavedPicture } from './save-picture.ts'

const STEP_NAMES: Record<CameraStep['name'], string> = {
  clock: 'horloge',
  services: 'services',
  profiles: 'profils',
  addresses: "adresse de l'image",
  information: 'identité',
  streams: 'flux vidéo',
  presets: 'préréglages',
  move: 'mouvement',
  picture: 'image',
}

/** Details that say something to a technician once they are put into words. */
const DETAILS: Record<string, string> = {
  ECONNREFUSED: "l'appareil est là, mais ce port est fermé",
  EHOSTUNREACH: 'rien ne répond à cette adresse',
  ENETUNREACH: "cet appareil n'a pas de chemin vers ce réseau",
  ENOTFOUND: 'ce nom est inconnu',
  EAI_AGAIN: "aucun serveur de noms ne répond : donner l'adresse en chiffres",
}

/** Beyond it a report would scroll away on a telephone; `--json` has them all. */
const MAX_LISTED = 8

/** "  ✓ horloge                 12 ms" */
export function stepLine({ name, tookMs, isDone }: CameraStep): string {
  return `  ${isDone ? '✓' : '✗'} ${STEP_NAMES[name].padEnd(20)}${String(tookMs).padStart(6)} ms`
}

/** The report in French, at most 60 columns wide except for addresses and paths. */
export function reportLines({ camera, picture, findings }: ProbeReport, saved: SavedPicture | null): string[] {
  const lines = camera === null ? [] : ['', ...cameraLines(camera)]
  if (picture !== null) {
    const { bytes, answerMs } = picture
    lines.push(...labelled('Image', `${sizeText(bytes.byteLength)} en ${answerMs} ms`))
  }
  if (saved !== null) lines.push(...savedLines(saved))
  return [...lines, '', ...verdictLines(findings)]
}

function cameraLines(camera: CameraDescription): string[] {
  const { maker, model, firmware, serial, clockOffsetMs, profiles, presets, foreignHosts } = camera
  const lines = [
    ...labelled('Caméra', `${maker} ${model}`.trim()),
    ...labelled('Logiciel', firmware),
    ...labelled('N° de série', serial),
    ...labelled('Horloge', clockText(clockOffsetMs)),
  ]
  for (const { name, token, widthPx, heightPx, encoding, snapshotUrl, streamUrl } of profiles.slice(0, MAX_LISTED)) {
    const size = widthPx === null || heightPx === null ? '' : `${widthPx}×${heightPx}`
    lines.push(...labelled('Profil', [name || token, size, encoding].filter((part) => part !== '').join(' ')))
    lines.push(`  image : ${snapshotUrl ?? 'non'}`, `  vidéo : ${streamUrl ?? 'non'}`)
  }
  if (profiles.length > MAX_LISTED) lines.push(`  et ${profiles.length - MAX_LISTED} autres profils`)
  const names = presets.slice(0, MAX_LISTED * 2).map(({ name, token }) => name || token)
  const more = presets.length > names.length ? `, et ${presets.length - names.length} autres` : ''
  lines.push(...labelled('Préréglages', names.length === 0 ? 'aucun (caméra fixe)' : names.join(', ') + more))
  if (foreignHosts.length > 0) {
    const hosts = foreignHosts.slice(0, MAX_LISTED).join(', ')
    lines.push(...labelled('À savoir', `elle se donne pour adresse ${hosts} ; nous gardons la vôtre.`))
  }
  return lines
}

function savedLines(saved: SavedPicture): string[] {
  if (saved.problem !== null) return labelled('', `Image non enregistrée : ${saved.problem}`)
  return [
    `  ${saved.file}`,
    ...wrap(
      "Elle n'est pas masquée : elle reste sur cet appareil, ne doit pas être transmise, et s'efface après le contrôle.",
      '  ',
    ),
  ]
}

function verdictLines(findings: Finding[]): string[] {
  if (findings.length === 0) return ['Tout va bien.']
  return findings.flatMap(({ code, detail }, index) => [
    ...(index === 0 ? [] : ['']),
    ...wrap(FAULT_WORDING[code].what, '  ', '✗ '),
    ...wrap(FAULT_WORDING[code].remedy, '  ', '→ '),
    ...wrap(detail === null ? `[${code}]` : `[${code} : ${DETAILS[detail] ?? detail}]`, '  '),
  ])
}
