import { composeSite, splitSite } from '@vigie/config-schema/configuration/compose'
import type { StoredConfiguration } from '@vigie/config-schema/configuration/configuration'
import type { SiteDocument } from '@vigie/config-schema/site-document'
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
import { successorOf } from './replacements.ts'
import { storableText } from './storable-text.ts'
import type { Tables } from './tables.ts'

/** The hand that seeds versions: a site follows its file until a person has changed it. */
export const FLEET_FOLDER = 'fleet-folder'

export type VersionSummary = Omit<Selectable<ConfigurationVersionTable>, 'documents'>
export type StoredVersion = VersionSummary & { documents: StoredConfiguration }
export type ToldConfiguration = Selectable<ConfigurationToldTable>
export type StoredReport = Omit<Selectable<ConfigurationReportedTable>, 'refused'> & {
  refused: ReportedConfiguration['refused'] | null
}

/** A site, what it should be by number, and what its unit was told of it. */
export type ConfigurationStanding = {
  site: SiteId
  unit: UnitId
  version: number
  told: ToldConfiguration | null
}

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

/** What each site should be: the truth from which the fleet's documents are made. Versions are added and never changed. */
export type ConfigurationStore = {
  newest(site: SiteId): Promise<StoredVersion | undefined>
  version(site: SiteId, version: number): Promise<StoredVersion | undefined>
  /** The newest first. */
  versions(site: SiteId, limit: number): Promise<VersionSummary[]>
  /** Adds a version, and makes it what the site is. `outdated`: another one has come in between. */
  add(version: NewVersion): Promise<StoredVersion | 'outdated'>
  /** A new site with its first version. `taken`: there is such a site, or the unit stands at another. */
  addSite(first: Omit<NewVersion, 'basedOn'>, unit: UnitId): Promise<StoredVersion | 'taken'>
  /** Takes over a folder of site documents: see `FLEET_FOLDER`. Sites that are gone from it and were never changed go too. */
  seed(sites: readonly SiteDocument[], at: number): Promise<void>
  standings(): Promise<ConfigurationStanding[]>
  told(site: SiteId): Promise<ToldConfiguration | undefined>
  /** Keeps what is told from now on, unless somebody has told another set since `before`. */
  tell(told: ToldConfiguration, before: ToldConfiguration | null): Promise<boolean>
  /** The same again, as a further attempt. False: nothing was told yet. `who`: a person who asks for it; null: the cloud itself. */
  askAgain(site: SiteId, at: number, who: string | null): Promise<boolean>
  reported(site: SiteId): Promise<StoredReport | undefined>
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
        const others = await transaction
          .selectFrom('site')
          .select('id')
          .where(({ or, eb }) => or([eb('id', '=', first.site), eb('unit', '=', unit)]))
          .execute()
        if (others.length > 0) return 'taken'
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
        kysely.selectFrom('site').select(['id', 'unit']).execute(),
        kysely
          .selectFrom('configurationVersion')
          .select(['site', ({ fn }) => fn.max('version').as('version')])
          .groupBy('site')
          .execute(),
        kysely.selectFrom('configurationTold').selectAll().execute(),
      ])
      const versions = new Map(newest.map(({ site, version }) => [site, Number(version)]))
      const tellings = new Map(told.map((one) => [one.site, one]))
      return sites.flatMap(({ id, unit }) => {
        const version = versions.get(id)
        return version === undefined ? [] : [{ site: id, unit, version, told: tellings.get(id) ?? null }]
      })
    },
    told: (site) => kysely.selectFrom('configurationTold').selectAll().where('site', '=', site).executeTakeFirst(),
    tell: (told, before) =>
      writeInOrder(database, async (transaction) => {
        const standing = await transaction
          .selectFrom('configurationTold')
          .select(['version', 'attempt'])
          .where('site', '=', told.site)
          .executeTakeFirst()
        if (standing?.version !== before?.version || standing?.attempt !== before?.attempt) return false
        const { site: _, ...row } = told
        await transaction
          .insertInto('configurationTold')
          .values(told)
          .onConflict((conflict) => conflict.column('site').doUpdateSet(row))
          .execute()
        return true
      }),
    askAgain: (site, at, who) =>
      writeInOrder(database, async (transaction) => {
        const raised = await transaction
          .updateTable('configurationTold')
          .set(({ eb }) => ({ attempt: eb('attempt', '+', 1), at }))
          .where('site', '=', site)
          .returning(['version', 'attempt'])
          .executeTakeFirst()
        if (raised === undefined) return false
        const after = { version: raised.version, attempt: raised.attempt }
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
    reported: async (site) => {
      const row = await kysely
        .selectFrom('configurationReported')
        .selectAll()
        .where('site', '=', site)
        .executeTakeFirst()
      return row && storedReport(row)
    },
    allReported: async () => {
      const rows = await kysely.selectFrom('configurationReported').selectAll().orderBy('site').execute()
      return rows.map(storedReport)
    },
  }
}

/** What a unit says of its configuration, with the place of the state that said it. */
export type ReportNews = Omit<StoredReport, 'receivedAt'>

/** What a state says of the configuration; empty where it says nothing. */
export function reportIn({ site, unit, boot, seq, at, configuration }: UnitState): ReportNews[] {
  if (configuration === undefined) return []
  const { version, attempt, since, trying = null, refused = null } = configuration
  return [{ ...{ site, unit, boot, seq, at }, ...{ version, attempt, since: Date.parse(since), trying, refused } }]
}

/** Takes reports over where they are news, in the transaction of the states that brought them. */
export async function noteReports(
  transaction: Transaction<Tables>,
  reports: readonly ReportNews[],
  receivedAt: number,
): Promise<void> {
  for (const { site, refused, ...said } of reports) {
    const before = await transaction
      .selectFrom('configurationReported')
      .select(['unit', 'boot', 'seq', 'at'])
      .where('site', '=', site)
      .executeTakeFirst()
    const isSameBoot = before?.boot === said.boot
    if (before?.unit === said.unit && (isSameBoot ? said.seq < before.seq : said.at < before.at)) continue
    const row = { ...said, refused: refused === null ? null : JSON.stringify(refused), receivedAt }
    await transaction
      .insertInto('configurationReported')
      .values({ site, ...row })
      .onConflict((conflict) => conflict.column('site').doUpdateSet(row))
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
    .select('version')
    .where('site', '=', site)
    .executeTakeFirst()
  return Math.max(version, reported?.version ?? 0) + 1
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

const storedReport = ({ refused, ...row }: Selectable<ConfigurationReportedTable>): StoredReport => ({
  ...row,
  refused: refused === null ? null : (JSON.parse(refused) as NonNullable<StoredReport['refused']>), // decoded before it was written
})
