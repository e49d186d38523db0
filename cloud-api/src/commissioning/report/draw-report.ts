import { momentOf, number } from '../in-french.ts'
import { INK, openPage } from './page.ts'
import { type Report, type ReportCheck, reservesOf, STATE_WORDS, verdictOf } from './report.ts'

/** A picture is this high at most, in points, so that two views fit on a page with their words. */
const VIEW_HEIGHT = 250
const PHOTO_HEIGHT = 190

/** Draws a report as a PDF, not yet signed. */
export async function drawReport(report: Report): Promise<Buffer> {
  const { site, unit, checks } = report
  const page = openPage({ title: `${report.title} — ${site.name}`, author: report.technician, at: report.madeAt })
  const reserves = reservesOf(checks)
  const verdict = { bold: true, size: 13, colour: reserves.length === 0 ? INK.good : INK.bad }

  page.title(report.title)
  page.text(site.road === undefined ? site.name : `${site.name} · ${site.road}`, { bold: true, size: 14 })
  page.text(verdictOf(checks), verdict)
  page.heading('Le site et son boîtier')
  page.facts([
    ['Site', `${site.name} (${site.id})${site.road === undefined ? '' : `, ${site.road}`}`],
    ['Position', `${site.place}, ${number(site.altitudeM)} m d'altitude`],
    ['Boîtier', `${unit.id}, logiciel ${unit.software}`],
    ['Certificat', unit.certificateUntil],
    ...report.cameras.map(({ id, profile, presets }): [string, string] => [`Caméra ${id}`, `${profile} · ${presets}`]),
    ['Technicien', report.technician],
    ['Commencée le', momentOf(report.startedAt)],
    ['Procès-verbal', `n° ${report.number}, établi le ${momentOf(report.madeAt)}`],
    ...(report.replacement === null
      ? []
      : [['Remplacement', `du boîtier ${report.replacement.unit} : ${report.replacement.reason}`] as const]),
  ])

  if (reserves.length > 0) {
    page.heading('Réserves')
    for (const { title, state, reason } of reserves) {
      page.text(`• ${title} (${STATE_WORDS[state]}) : ${reason ?? 'sans précision'}`)
    }
  }

  page.heading('Ce que montre chaque vue, sous ses masques', VIEW_HEIGHT)
  for (const { view, label, jpeg, lines } of report.views) {
    const caption = [`${label} (${view})`, ...lines].join('\n')
    if (jpeg === null) page.text(`${caption}\nAucune image.`)
    else page.pictures([{ jpeg, caption }], { across: 1, maxHeight: VIEW_HEIGHT })
  }

  page.heading('Vérifications')
  page.table(
    [{ width: 4, bold: true }, { width: 2 }, { width: 4 }, { width: 3, colour: INK.quiet }, { width: 2.4 }],
    ['Vérification', 'Résultat', 'Constaté', 'Limite', 'Le'],
    checks.map((check) => [
      check.title,
      { text: STATE_WORDS[check.state], colour: colourOf(check), bold: true },
      saidOf(check),
      check.limit ?? '',
      check.at === null ? '' : momentOf(check.at),
    ]),
  )

  page.heading('Étapes')
  page.table(
    [{ width: 4, bold: true }, { width: 3 }, { width: 3 }, { width: 2 }, { width: 2 }],
    ['Étape', 'Commencée', 'Terminée', 'Durée', 'Par'],
    report.steps.map(({ title, begunAt, doneAt, lasted, by }) => [
      title,
      begunAt === null ? '' : momentOf(begunAt),
      doneAt === null ? '' : momentOf(doneAt),
      lasted,
      by,
    ]),
  )
  page.text(`Durée de la pose : ${report.lasted}`, { bold: true })

  if (report.photos.length > 0) {
    page.heading("Photos de l'installation", PHOTO_HEIGHT)
    const photos = report.photos.map(({ jpeg, caption, at }) => ({
      jpeg,
      caption: `${caption === '' ? '' : `${caption}\n`}${momentOf(at)}`,
    }))
    page.pictures(photos, { across: 2, maxHeight: PHOTO_HEIGHT })
  }

  page.heading('Signature')
  page.text(
    report.signer === null
      ? "Ce procès-verbal n'est pas signé : le centre n'a pas de certificat pour le faire."
      : `Ce document est signé électroniquement par le centre Vigie (certificat ${report.signer}) au nom de ${report.technician}. Toute modification rend la signature invalide.`,
  )
  return page.end(`Vigie · ${site.name} · procès-verbal n° ${report.number}`)
}

const colourOf = ({ state }: ReportCheck): string => {
  if (state === 'passed' || state === 'by-hand') return INK.good
  return state === 'not-applicable' ? INK.quiet : INK.bad
}

const saidOf = ({ measured, reason, saidBy }: ReportCheck): string =>
  [measured, reason, saidBy === null ? null : `dit par ${saidBy}`].filter((text) => text !== null).join(' · ')
