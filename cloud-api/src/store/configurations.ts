import { composeSite, splitSite } from '@vigie/config-schema/configuration/compose'
import type { StoredConfiguration } from '@vigie/config-schema/configuration/configuration'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { withUnitReplaced } from '@vigie/config-schema/units-of'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { ReportedConfiguration } from '@vigie/contract/state'
import type { Selectable, Transaction } from 'kysely'
import { differencesOf } from '../configuration/difference.ts'
import { shownOf } from '../configuration/entered.ts'
import { appendAudit } from './audit.ts'
import type { UnitState } from './camera-states.ts'
import type {
  ConfigurationReportedTable,
  ConfigurationToldTable,
  ConfigurationVersionTable,
} from './configuration-tables.ts'
import { type Database, writeInOrder } from './database.ts'
import { siteIn, siteOfUnit, unitsAt } from './fleet.ts'
import { storableText } from './storable-text.ts'
import { successorOf } from './successor.ts'
import type { Tables } from './tables.ts'

/** The hand that seeds versions: a site follows its file until a person has changed it. */
export const FLEET_FOLDER = 'fleet-folder'

export type VersionSummary = Omit<Selectable<ConfigurationVersionTable>, 'documents'>
export type StoredVersion = VersionSummary & { documents: StoredConfiguration }
export type ToldConfiguration = Selectable<ConfigurationToldTable>
export type StoredReport = Omit<Selectable<ConfigurationReportedTable>, 'refused' | 'turnedAway'> & {
  refused: ReportedConfiguration['refused'] | null
  turnedAway: ReportedConfiguration['turnedAway'] | null
}

/** A unit, what its site should be by number, and what the unit was told of it. */
export type ConfigurationStanding = {
  site: SiteId
  unit: UnitId
  version: number
  told: ToldConfiguration | null
}

/** Of each unit of each site; and what was told to units that stand there no more. */
export type ConfigurationStandings = { units: ConfigurationStanding[]; gone: ToldConfiguration[] }

export type NewVersion = {
  site: SiteId
  /** The version that whoever changes it has seen. */
  basedOn: number
  at: number
  who: string
  note: string
  documents: StoredConfiguration
  /** The older version whose content it brings back. */
  restores?: number
}

/** A unit that comes to a site in place of one of its own. */
type Succession = { site: SiteId; document: SiteDocument; replacedUnit: UnitId; unit: UnitId; at: number }

/** What each site should be: the truth from which the fleet's documents are made. Versions are added and never changed. */
export type ConfigurationStore = {
  newest(site: SiteId): Promise<StoredVersion | undefined>
  version(site: SiteId, version: number): Promise<StoredVersion | undefined>
  /** The newest first. */
  versions(site: SiteId, limit: number): Promise<VersionSummary[]>
  /**
   * Adds a version, and makes it what the site is. `outdated`: another one has come in between; `unit-taken`: it names, for
   * a lane, a unit that stands at another site.
   */
  add(version: NewVersion): Promise<StoredVersion | 'outdated' | 'unit-taken'>
  /** A new site with its first version. `taken`: there is such a site, or the unit stands at another. */
  addSite(first: Omit<NewVersion, 'basedOn'>, unit: UnitId): Promise<StoredVersion | 'taken'>
  /** Takes over a folder of site documents: see `FLEET_FOLDER`. Sites that are gone from it and were never changed go too. */
  seed(sites: readonly SiteDocument[], at: number): Promise<void>
  standings(): Promise<ConfigurationStandings>
  told(site: SiteId, unit: UnitId): Promise<ToldConfiguration | undefined>
  /** Keeps what is told from now on, unless somebody has told another set since `before`. */
  tell(told: ToldConfiguration, before: ToldConfiguration | null): Promise<boolean>
  /**
   * The same again, as a further attempt. False: nothing was told yet. `who`: a person who asks for it, of all units of the
   * site; null: the cloud itself, of the one that is named.
   */
  askAgain(site: SiteId, at: number, who: string | null, unit?: UnitId): Promise<boolean>
  reported(site: SiteId, unit: UnitId): Promise<StoredReport | undefined>
  allReported(): Promise<StoredReport[]>
}

export function createConfigurationStore(database: Database<Tables>): ConfigurationStore {
  const { kysely } = database
  const versionsOf = (site: SiteId) => kysely.selectFrom('configurationVersion').where('site', '=', site)
  return {
    newest: (site) => newestOf(kysely, site),
    version: async (site, version) => {
      const row = await versionsOf(site).selectAll().where('version', '=', version).executeTakeFirst()
      return row && storedVersion(row)
    },
    versions: (site, limit) =>
      versionsOf(site)
        .select(['site', 'version', 'at', 'who', 'note'])
        .orderBy('version', 'desc')
        .limit(limit)
        .execute(),
    add: (version) =>
      writeInOrder(database, async (transaction) => {
        const before = await newestOf(transaction, version.site)
        const unit = await unitAt(transaction, version.site)
        if (before?.version !== version.basedOn || unit === undefined) return 'outdated'
        for (const lane of version.documents.lane.lanes) {
          const at = lane.unit && (await siteOfUnit(transaction, lane.unit as UnitId)) // the document's pattern is the contract's
          if (at !== undefined && at !== version.site) return 'unit-taken'
        }
        const number = await numberAfter(transaction, before)
        const added = await addVersion(transaction, { ...version, version: number }, unit)
        const action = version.restores === undefined ? 'configuration.changed' : 'configuration.restored'
        await appendAudit(transaction, {
          ...{ at: version.at, who: version.who, action, what: version.site, site: version.site },
          before: { version: before.version },
          after: {
            version: added.version,
            ...(version.restores !== undefined && { restores: version.restores }),
            differences: differencesOf(shownOf(before.documents), shownOf(added.documents)),
          },
          ...(version.note !== '' && { reason: version.note }),
        })
        return added
      }),
    addSite: (first, unit) =>
      writeInOrder(database, async (transaction) => {
        const there = await siteIn(transaction, first.site)
        if (there !== undefined || (await siteOfUnit(transaction, unit)) !== undefined) return 'taken'
        const before = await newestOf(transaction, first.site)
        const added = await addVersion(transaction, { ...first, version: (before?.version ?? 0) + 1 }, unit)
        const { at, who, site } = first
        await appendAudit(transaction, {
          at,
          who,
          action: 'site.added',
          what: site,
          site,
          after: { unit, ...first.documents.site },
        })
        return added
      }),
    seed: (sites, at) =>
      writeInOrder(database, async (transaction) => {
        for (const document of sites) await seedSite(transaction, document, at)
        const ids = new Set<string>(sites.map(({ id }) => id))
        const standing = await transaction.selectFrom('site').select('id').execute()
        for (const { id } of standing) {
          if (ids.has(id)) continue
          const newest = await newestOf(transaction, id)
          if (newest === undefined || newest.who === FLEET_FOLDER) {
            await transaction.deleteFrom('site').where('id', '=', id).execute()
          }
        }
      }),
    standings: async () => {
      const [sites, newest, told] = await Promise.all([
        kysely.selectFrom('site').select(['id', 'document']).execute(),
        kysely
          .selectFrom('configurationVersion')
          .select(['site', ({ fn }) => fn.max('version').as('version')])
          .groupBy('site')
          .execute(),
        kysely.selectFrom('configurationTold').selectAll().execute(),
      ])
      const versions = new Map(newest.map(({ site, version }) => [site, Number(version)]))
      const tellings = new Map(told.map((one) => [`${one.site} ${one.unit}`, one]))
      const standing = sites.flatMap(({ id, document }) => unitsAt(document).map((unit) => ({ site: id, unit })))
      const units = standing.flatMap(({ site, unit }) => {
        const version = versions.get(site)
        return version === undefined ? [] : [{ site, unit, version, told: tellings.get(`${site} ${unit}`) ?? null }]
      })
      const stands = new Set(standing.map(({ site, unit }) => `${site} ${unit}`))
      return { units, gone: told.filter(({ site, unit }) => !stands.has(`${site} ${unit}`)) }
    },
    told: (site, unit) =>
      kysely
        .selectFrom('configurationTold')
        .selectAll()
        .where('site', '=', site)
        .where('unit', '=', unit)
        .executeTakeFirst(),
    tell: (told, before) =>
      writeInOrder(database, async (transaction) => {
        const standing = await transaction
          .selectFrom('configurationTold')
          .select(['version', 'attempt'])
          .where('site', '=', told.site)
          .where('unit', '=', told.unit)
          .executeTakeFirst()
        if (standing?.version !== before?.version || standing?.attempt !== before?.attempt) return false
        const { site: _site, unit: _unit, ...row } = told
        await transaction
          .insertInto('configurationTold')
          .values(told)
          .onConflict((conflict) => conflict.columns(['site', 'unit']).doUpdateSet(row))
          .execute()
        return true
      }),
    askAgain: (site, at, who, unit) =>
      writeInOrder(database, async (transaction) => {
        let raising = transaction
          .updateTable('configurationTold')
          .set(({ eb }) => ({ attempt: eb('attempt', '+', 1), at }))
          .where('site', '=', site)
        if (unit !== undefined) raising = raising.where('unit', '=', unit)
        const [raised] = await raising.returning(['version', 'attempt']).execute()
        if (raised === undefined) return false
        const after = { version: raised.version, attempt: raised.attempt, ...(unit && { unit }) }
        await appendAudit(transaction, {
          at,
          who: who ?? 'cloud',
          action: 'configuration.tried-again',
          what: site,
          site,
          after,
        })
        return true
      }),
    reported: async (site, unit) => {
      const row = await kysely
        .selectFrom('configurationReported')
        .selectAll()
        .where('site', '=', site)
        .where('unit', '=', unit)
        .executeTakeFirst()
      return row && storedReport(row)
    },
    allReported: async () => {
      const rows = await kysely
        .selectFrom('configurationReported')
        .selectAll()
        .orderBy('site')
        .orderBy('unit')
        .execute()
      return rows.map(storedReport)
    },
  }
}

/** What a unit says of its configuration, with the place of the state that said it. */
export type ReportNews = Omit<StoredReport, 'receivedAt'>

/** What a state says of the configuration; empty where it says nothing. */
export function reportIn({ site, unit, boot, seq, at, configuration }: UnitState): ReportNews[] {
  if (configuration === undefined) return []
  const { version, attempt, since, trying = null, refused = null, turnedAway = null } = configuration
  const said = { version, attempt, since: Date.parse(since), trying, refused, turnedAway }
  return [{ ...{ site, unit, boot, seq, at }, ...said }]
}

/** Takes reports over where they are news, in the transaction of the states that brought them. */
export async function noteReports(
  transaction: Transaction<Tables>,
  reports: readonly ReportNews[],
  receivedAt: number,
): Promise<void> {
  for (const { site, unit, refused, turnedAway, ...said } of reports) {
    const before = await transaction
      .selectFrom('configurationReported')
      .select(['boot', 'seq', 'at'])
      .where('site', '=', site)
      .where('unit', '=', unit)
      .executeTakeFirst()
    const isSameBoot = before?.boot === said.boot
    if (before !== undefined && (isSameBoot ? said.seq < before.seq : said.at < before.at)) continue
    const row = { ...said, refused: jsonOf(refused), turnedAway: jsonOf(turnedAway), receivedAt }
    await transaction
      .insertInto('configurationReported')
      .values({ site, unit, ...row })
      .onConflict((conflict) => conflict.columns(['site', 'unit']).doUpdateSet(row))
      .execute()
  }
}

type Reader = Database<Tables>['kysely'] | Transaction<Tables>

async function newestOf(reader: Reader, site: SiteId): Promise<StoredVersion | undefined> {
  const row = await reader
    .selectFrom('configurationVersion')
    .selectAll()
    .where('site', '=', site)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && storedVersion(row)
}

async function unitAt(reader: Reader, site: SiteId): Promise<UnitId | undefined> {
  return (await reader.selectFrom('site').select('unit').where('id', '=', site).executeTakeFirst())?.unit
}

/**
 * The number after the newest, and after whatever a unit says that it has: of a database that came back from a backup the
 * newest is lower, and units listen to nothing lower.
 */
async function numberAfter(transaction: Transaction<Tables>, { site, version }: StoredVersion): Promise<number> {
  const reported = await transaction
    .selectFrom('configurationReported')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('site', '=', site)
    .executeTakeFirst()
  return Math.max(version, Number(reported?.version ?? 0)) + 1
}

async function addVersion(
  transaction: Transaction<Tables>,
  { site, version, at, who, note, documents }: Omit<NewVersion, 'basedOn'> & { version: number },
  unit: UnitId,
): Promise<StoredVersion> {
  const row = { site, version, at, who, note: storableText(note) }
  await transaction
    .insertInto('configurationVersion')
    .values({ ...row, documents: JSON.stringify(documents) })
    .execute()
  await putSite(transaction, site, unit, documents)
  return { ...row, documents }
}

/**
 * Puts a unit where another one stood. What drives a lane is part of the configuration, so that a lane's unit makes a
 * further version of it; the site's own unit is not.
 */
export async function putUnitInPlaceOf(
  transaction: Transaction<Tables>,
  { site, document, replacedUnit, unit, at }: Succession,
): Promise<void> {
  const newest = document.unit === replacedUnit ? undefined : await newestOf(transaction, site)
  if (newest === undefined) {
    const changed = withUnitReplaced(document, replacedUnit, unit)
    await transaction
      .updateTable('site')
      .set({ unit: changed.unit as UnitId, document: JSON.stringify(changed) }) // the document's schema has the same pattern
      .where('id', '=', site)
      .execute()
    return
  }
  const { documents } = newest
  const lanes = documents.lane.lanes.map((lane) => (lane.unit === replacedUnit ? { ...lane, unit } : lane))
  const version = await numberAfter(transaction, newest)
  const note = `${unit} à la place de ${replacedUnit}`
  const changed = {
    site,
    version,
    at,
    who: 'cloud',
    note,
    documents: { ...documents, lane: { ...documents.lane, lanes } },
  }
  await addVersion(transaction, changed, document.unit as UnitId) // the same
}

async function putSite(transaction: Transaction<Tables>, site: SiteId, unit: UnitId, documents: StoredConfiguration) {
  const document = JSON.stringify(composeSite(documents, unit))
  await transaction
    .insertInto('site')
    .values({ id: site, unit, document })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ unit, document }))
    .execute()
}

async function seedSite(transaction: Transaction<Tables>, document: SiteDocument, at: number): Promise<void> {
  const [site, planned] = [document.id as SiteId, document.unit as UnitId] // the document's schema has the same patterns
  // The file of a site whose unit was replaced may still name the one that is gone.
  const unit = (await successorOf(transaction, site, planned)) ?? planned
  const newest = await newestOf(transaction, site)
  if (newest !== undefined && newest.who !== FLEET_FOLDER) {
    await putSite(transaction, site, (await unitAt(transaction, site)) ?? unit, newest.documents)
    return
  }
  const documents: StoredConfiguration = splitSite(document)
  if (newest !== undefined && JSON.stringify(newest.documents) === JSON.stringify(documents)) {
    await putSite(transaction, site, unit, documents)
    return
  }
  const version = newest === undefined ? 1 : await numberAfter(transaction, newest)
  await addVersion(transaction, { site, version, at, who: FLEET_FOLDER, note: '', documents }, unit)
}

const storedVersion = ({ documents, ...row }: Selectable<ConfigurationVersionTable>): StoredVersion => ({
  ...row,
  documents: JSON.parse(documents) as StoredConfiguration, // checked before it was written
})

const jsonOf = (said: object | null | undefined) => (said ? JSON.stringify(said) : null)

// Both were decoded before they were written.
const storedReport = ({ refused, turnedAway, ...row }: Selectable<ConfigurationReportedTable>): StoredReport => ({
  ...row,
  refused: refused === null ? null : (JSON.parse(refused) as NonNullable<StoredReport['refused']>),
  turnedAway: turnedAway === null ? null : (JSON.parse(turnedAway) as NonNullable<StoredReport['turnedAway']>),
})
