import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { Clock } from '@vigie/contract/clock'
import { Fault } from '../../faults.ts'
import type { PictureFiles } from '../../frames/picture-files.ts'
import type { Person } from '../../people/person.ts'
import type { Commissioning, CommissioningReport } from '../../store/commissionings.ts'
import type { StoredFrame } from '../../store/frames.ts'
import { type Facts, viewsOf } from '../check.ts'
import { CHECKS } from '../check-table.ts'
import type { ContentFiles } from '../content-files.ts'
import { dayOf, lasting, momentOf, number } from '../in-french.ts'
import { lookAgain } from '../look-again.ts'
import { type FactSources, readFacts } from '../read-facts.ts'
import { stepsTold } from '../told.ts'
import { drawReport } from './draw-report.ts'
import type { Report, ReportCheck, ReportView } from './report.ts'
import type { ReportSigner } from './sign-report.ts'

type Deps = FactSources & {
  pictures: Pick<PictureFiles, 'read'>
  files: ContentFiles
  /** Null: reports are not signed, and say so. Asked for each, since certificates are renewed meanwhile. */
  signerNow: () => ReportSigner | null
  clock: Clock
}

export type ReportMaker = {
  /** Makes the next report of a commissioning, keeps it and closes the commissioning. Null: its site is gone. */
  make(commissioning: Commissioning, by: Pick<Person, 'name' | 'displayName'>): Promise<CommissioningReport | null>
}

export function createReportMaker({ pictures, files, signerNow, clock, ...sources }: Deps): ReportMaker {
  const { commissionings } = sources.store

  async function viewOf(
    facts: Facts,
    { view, camera, preset }: ReturnType<typeof viewsOf>[number],
  ): Promise<ReportView> {
    const frame = facts.latest.find((one) => one.camera === camera.id && one.preset === preset.id)
    const jpeg = frame?.picture === 'kept' ? await pictures.read(frame.sha256, 'full') : null
    return { view, label: preset.label, jpeg, lines: linesOf(frame, preset.masks) }
  }

  return {
    make: async (commissioning, by) => {
      const { id, site: siteId } = commissioning
      const signer = signerNow()
      const madeAt = clock.now()
      const facts = await readFacts(sources, commissioning, madeAt)
      if (facts === null) return null
      const [checks, steps, before] = await Promise.all([
        commissionings.checks(id),
        commissionings.steps(id),
        commissionings.reports(id),
      ])
      const rows = checks.map((check) => lookAgain(check, facts))
      for (const row of rows) if (!checks.includes(row)) await commissionings.beginCheck(row)
      const photos = facts.photos.map(async ({ sha256, caption, takenAt, addedAt }) => {
        const jpeg = await files.read(sha256, 'jpg')
        return jpeg === null ? [] : [{ caption, jpeg, at: takenAt ?? addedAt }]
      })
      const { site } = facts
      // The report is the last step: it says itself when it was made.
      const timed = stepsTold(steps).filter(({ step }) => step !== 'report')
      const report: Report = {
        number: before.length + 1,
        title: commissioning.kind === 'new' ? 'Procès-verbal de mise en service' : 'Procès-verbal de remplacement',
        site: { ...site, place: placeOf(site) },
        unit: unitOf(facts),
        technician: by.displayName,
        startedAt: commissioning.startedAt,
        madeAt,
        replacement:
          commissioning.replacedUnit === null
            ? null
            : { unit: commissioning.replacedUnit, reason: commissioning.reason ?? 'sans précision' },
        cameras: site.cameras.map(({ id: camera, profile, presets }) => ({
          id: camera,
          profile,
          presets: presets.map(({ label }) => label).join(', '),
        })),
        views: await Promise.all(viewsOf(site).map((view) => viewOf(facts, view))),
        checks: CHECKS.map(({ name, title, limit }): ReportCheck => {
          const row = rows.find((one) => one.name === name)
          const { state = 'waiting', measured = null, reason = null, endedAt: at = null, saidBy = null } = row ?? {}
          return { title, limit, state, measured, reason, at, saidBy }
        }),
        lasted: lasting(timed.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) * 1000),
        steps: timed.map(({ title, startedAt, doneAt, seconds, enteredBy }) => ({
          title,
          begunAt: startedAt === null ? null : Date.parse(startedAt),
          doneAt: doneAt === null ? null : Date.parse(doneAt),
          lasted: seconds === null ? '' : lasting(seconds * 1000),
          by: enteredBy ?? '',
        })),
        photos: (await Promise.all(photos)).flat(),
        signer: signer?.name ?? null,
      }
      const drawn = await drawReport(report)
      const words = { reason: report.title, place: site.name, at: madeAt }
      const pdf = signer === null ? drawn : await signer.sign(drawn, words).catch(unsigned)
      const row = {
        commissioning: id,
        site: siteId,
        sha256: await files.keep(pdf, 'pdf'),
        bytes: pdf.byteLength,
        madeAt,
        madeBy: by.name,
        signer: signer?.fingerprint ?? null,
      }
      const reportNumber = await commissionings.addReport(row)
      await commissionings.finish(id, madeAt)
      return { ...row, number: reportNumber }
    },
  }
}

const unsigned = (cause: unknown): never => {
  throw new Fault('report-not-signed', { cause, retryable: false })
}

const placeOf = ({ latitude, longitude }: SiteDocument): string =>
  `${degrees(latitude)} ${latitude < 0 ? 'S' : 'N'}, ${degrees(longitude)} ${longitude < 0 ? 'O' : 'E'}`

const degrees = (value: number): string => `${Math.abs(value).toFixed(4).replace('.', ',')}°`

function unitOf({ site, presence, keys }: Facts): Report['unit'] {
  const ends = keys.filter(({ unit }) => unit === site.unit).map(({ certificateEndsAt }) => certificateEndsAt)
  return {
    id: site.unit,
    software: presence?.software ?? 'inconnu',
    certificateUntil: ends.length === 0 ? 'aucun connu' : `valable jusqu'au ${dayOf(Math.max(...ends))}`,
  }
}

function linesOf(frame: StoredFrame | undefined, masks: { version: number; zones: { label: string }[] } | undefined) {
  const zones = masks?.zones.map(({ label }) => label).join(', ')
  const masked =
    masks === undefined
      ? 'aucun masque approuvé'
      : `masques version ${masks.version} : ${zones === '' ? 'rien à cacher' : zones}`
  if (frame === undefined) return [masked]
  const { widthPx, heightPx, maskVersion, capturedAt } = frame
  return [
    `${momentOf(capturedAt)} · ${number(widthPx)} × ${number(heightPx)} px · image sous masques version ${maskVersion}`,
    masked,
  ]
}
