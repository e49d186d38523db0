import type { Documents, SiteConfiguration } from '../../api/configuration.ts'
import type { ReplacementWish } from '../../api/fleet.ts'
import { Refused } from '../../api/refused.ts'
import type { PlannedSites } from '../../api/schemas.ts'
import type { Entry } from '../journey/journey.ts'
import type { KeptPhoto } from '../journey/kept.ts'
import type { WishedDocuments } from '../steps/configured.ts'
import { STEPS, type Step } from '../steps/steps.ts'
import { createAsk } from './ask.ts'
import type { CheckTold, CommandTold, CommissioningTold, UnitTold } from './told.ts'

export type ToldStep = { step: Step; entry: Entry; seconds: number | null }
export type OpenCommissioning = Pick<CommissioningTold, 'id' | 'site' | 'siteName' | 'unit' | 'startedAt'>

/**
 * What the technician's page asks of the cloud. Each call rejects with a Refused when the cloud says no, and with
 * something else when nothing answers. What changes something can be sent again without doing it twice.
 */
export type PoseCloud = {
  plannedSites(signal: AbortSignal): Promise<PlannedSites>
  addSite(site: Record<string, unknown>, signal: AbortSignal): Promise<void>
  bindClaim(binding: { claim: string; site: string }, signal: AbortSignal): Promise<void>
  /** A box takes the place of the one at the site; its claim is that of its label. */
  replace(of: ReplacementWish & { site: string; unit: string | null }, signal: AbortSignal): Promise<void>
  openCommissionings(signal: AbortSignal): Promise<OpenCommissioning[]>
  begin(of: { site: string; unit: string | null }, signal: AbortSignal): Promise<{ id: string; steps: ToldStep[] }>
  commissioning(id: string, signal: AbortSignal): Promise<CommissioningTold>
  enterStep(id: string, step: Step, entry: Entry, seconds: number | null, signal: AbortSignal): Promise<void>
  addPhoto(id: string, photo: KeptPhoto, signal: AbortSignal): Promise<void>
  /** The box that stands at a site now; null: there is no such site. */
  unitAt(site: string, signal: AbortSignal): Promise<UnitTold | null>
  /** @param wish its body, and the password of a camera, which the cloud seals to the unit */
  ask(site: string, wish: CommandWish, signal: AbortSignal): Promise<CommandTold>
  /** Waits up to ten seconds for something newer than a version. */
  command(site: string, id: string, after: number, signal: AbortSignal): Promise<CommandTold>
  /** Waits up to ten seconds for a newer preview; null when there is none. */
  preview(site: string, camera: string, after: number, signal: AbortSignal): Promise<Preview | null>
  configuration(site: string, signal: AbortSignal): Promise<SiteConfiguration>
  /** Makes a new version of what a site should be, from the newest; none, where nothing would change. */
  configure(site: string, change: (documents: Documents) => WishedDocuments, signal: AbortSignal): Promise<void>
  checks(id: string, signal: AbortSignal): Promise<CheckTold[]>
  /** Begins these checks, or all. */
  runChecks(id: string, checks: readonly string[] | null, signal: AbortSignal): Promise<CheckTold[]>
  /** Says that a check is done which cannot be measured, and how it was seen. */
  sayCheck(id: string, check: string, word: string, signal: AbortSignal): Promise<void>
  makeReport(id: string, signal: AbortSignal): Promise<void>
}

export type CommandWish = { body: { name: string } & Record<string, unknown>; password?: string }
export type Preview = { seq: number; capturedAt: number; picture: Blob }

/** A photo of 300 kB takes two minutes at 20 kbit/s: the thinnest line that a phone still calls one. */
const PHOTO_WITHIN_MS = 150_000

export function createPoseCloud(origin: string): PoseCloud {
  const ask = createAsk(origin)
  const commissioning = (id: string) => `/commissionings/${encodeURIComponent(id)}`
  const ofSite = (site: string) => `/sites/${encodeURIComponent(site)}`
  return {
    plannedSites: (signal) => ask.json('GET', '/operators/sites', { signal }),
    addSite: async (site, signal) => {
      try {
        await ask.json('POST', '/sites', { json: site, signal })
      } catch (error) {
        if (!(error instanceof Refused && error.problem === 'site-taken')) throw error
        // Its answer may have been lost: it is ours when it stands there for our box.
        const { sites } = await ask.json<PlannedSites>('GET', '/operators/sites', { signal })
        if (!sites.some((one) => one.site === site['id'] && one.unit === site['unit'])) throw error
      }
    },
    bindClaim: async ({ claim, site }, signal) => {
      await ask.json('POST', '/claims/bind', { json: { code: claim, site }, signal })
    },
    replace: async ({ site, unit, reason, oldUnitEnds }, signal) => {
      const json = { reason, oldUnitEnds, ...(unit !== null && { unit }) }
      await ask.json('POST', `${ofSite(site)}/replacement`, { json, signal })
    },
    openCommissionings: async (signal) => {
      const { commissionings } = await ask.json<{ commissionings: OpenCommissioning[] }>(
        'GET',
        '/commissionings?open=true',
        { signal },
      )
      return commissionings
    },
    begin: async ({ site, unit }, signal) => {
      const json = unit === null ? { site } : { site, unit }
      const told = await ask.json<CommissioningTold>('POST', '/commissionings', { json, signal })
      return { id: told.id, steps: stepsOf(told) }
    },
    commissioning: (id, signal) => ask.json('GET', commissioning(id), { signal }),
    enterStep: async (id, step, { entered, isDone, at }, seconds, signal) => {
      const said = { entered, done: isDone, enteredAt: new Date(at).toISOString() }
      const json = seconds === null ? said : { ...said, seconds: Math.round(seconds) }
      await ask.json('PUT', `${commissioning(id)}/steps/${step}`, { json, signal })
    },
    addPhoto: async (id, photo, signal) => {
      const said = { id: photo.id, caption: photo.caption, takenAt: new Date(photo.takenAt).toISOString() }
      const query = new URLSearchParams(said)
      const sent = { body: photo.jpeg, signal, withinMs: PHOTO_WITHIN_MS }
      await ask.json('POST', `${commissioning(id)}/photos?${query}`, sent)
    },
    unitAt: async (site, signal) =>
      (await ask.jsonOrNull<{ unit: UnitTold }>(`/operators${ofSite(site)}`, signal))?.unit ?? null,
    ask: (site, wish, signal) => ask.json('POST', `${ofSite(site)}/commands`, { json: wish, signal }),
    command: (site, id, after, signal) => ask.json('GET', `${ofSite(site)}/commands/${id}?after=${after}`, { signal }),
    preview: async (site, camera, after, signal) => {
      const answer = await ask.answer('GET', `${ofSite(site)}/preview/${camera}?after=${after}`, { signal })
      if (answer.status === 204) return null
      return {
        seq: Number(answer.headers.get('x-preview-seq') ?? after + 1),
        capturedAt: Date.parse(answer.headers.get('x-captured-at') ?? ''),
        picture: await answer.blob(),
      }
    },
    configuration: (site, signal) => ask.json('GET', `${ofSite(site)}/configuration`, { signal }),
    configure: async (site, change, signal) => {
      for (;;) {
        const { desired } = await ask.json<SiteConfiguration>('GET', `${ofSite(site)}/configuration`, { signal })
        const documents = change(desired.documents)
        if (JSON.stringify(documents) === JSON.stringify(desired.documents)) return
        const json = { basedOn: desired.version, note: 'Pose sur place', documents }
        try {
          await ask.json('POST', `${ofSite(site)}/configuration`, { json, signal })
          return
        } catch (error) {
          // Somebody has changed it meanwhile: ours goes on top of theirs.
          if (!(error instanceof Refused && error.problem === 'configuration-outdated')) throw error
        }
      }
    },
    checks: async (id, signal) => checksIn(await ask.json('GET', `${commissioning(id)}/checks`, { signal })),
    runChecks: async (id, checks, signal) => {
      const json = checks === null ? {} : { checks }
      return checksIn(await ask.json('POST', `${commissioning(id)}/checks`, { json, signal }))
    },
    sayCheck: async (id, check, word, signal) => {
      await ask.json('POST', `${commissioning(id)}/checks/${check}`, { json: { outcome: 'done', word }, signal })
    },
    makeReport: async (id, signal) => {
      await ask.json('POST', `${commissioning(id)}/report`, { json: {}, signal, withinMs: 60_000 })
    },
  }
}

const checksIn = ({ checks }: { checks: CheckTold[] }) => checks

/** What the cloud has of each step that was begun. */
export function stepsOf({ steps }: Pick<CommissioningTold, 'steps'>): ToldStep[] {
  return steps.flatMap(({ step, state, entered, enteredAt, seconds }) => {
    const name = STEPS.find((one) => one === step)
    if (name === undefined || entered === null) return []
    const at = Date.parse(enteredAt ?? '') || 0
    return [{ step: name, entry: { entered, isDone: state === 'done', at }, seconds }]
  })
}
