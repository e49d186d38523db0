import { sql } from 'kysely'
import { type AttemptStore, createAttemptStore } from './attempts.ts'
import { type AuditStore, createAuditStore } from './audit.ts'
import { type CameraStateStore, createCameraStateStore } from './camera-states.ts'
import { type CommandStore, createCommandStore } from './commands.ts'
import { type CommissioningStore, createCommissioningStore } from './commissionings.ts'
import { type ConfigurationStore, createConfigurationStore } from './configurations.ts'
import { openPostgres, openSqlite } from './database.ts'
import { createDeadLetterStore, type DeadLetterStore } from './dead-letters.ts'
import { createFleetStore, type FleetStore } from './fleet.ts'
import { createFrameStore, type FrameStore } from './frames.ts'
import { createItemStore, type ItemStore } from './items.ts'
import { createLiveEventStore, type LiveEventStore } from './live-events.ts'
import { migrate } from './migrate.ts'
import { firstTables } from './migrations/001-first-tables.ts'
import { indexWhatIsDue } from './migrations/002-index-what-is-due.ts'
import { whenAViewWasSeen } from './migrations/003-when-a-view-was-seen.ts'
import { peopleAndAudit } from './migrations/004-people-and-audit.ts'
import { configuration } from './migrations/005-configuration.ts'
import { commands } from './migrations/006-commands.ts'
import { commissioning } from './migrations/007-commissioning.ts'
import { unitCertificates } from './migrations/008-unit-certificates.ts'
import { machineBoot } from './migrations/009-machine-boot.ts'
import { unitsOfASite } from './migrations/010-units-of-a-site.ts'
import { tickets } from './migrations/011-tickets.ts'
import { gateRows } from './migrations/012-gate-rows.ts'
import { gateLanes } from './migrations/013-gate-lanes.ts'
import { turnedAway } from './migrations/013-turned-away.ts'
import { saleOnceAMuseum } from './migrations/014-sale-once-a-museum.ts'
import { usedElsewhere } from './migrations/015-used-elsewhere.ts'
import { testTickets } from './migrations/016-test-tickets.ts'
import { issuedTickets } from './migrations/017-issued-tickets.ts'
import { gateAlarms } from './migrations/018-gate-alarms.ts'
import { createOneTimeLinkStore, type OneTimeLinkStore } from './one-time-links.ts'
import { createPeopleStore, type PeopleStore } from './people.ts'
import { createPresenceStore, type PresenceStore } from './presence.ts'
import { createReplacementStore, type ReplacementStore } from './replacements.ts'
import { createSecondFactorStore, type SecondFactorStore } from './second-factors.ts'
import { createSessionStore, type SessionStore } from './sessions.ts'
import { storeFaultOf } from './store-fault.ts'
import type { Tables } from './tables.ts'
import { createForeignTicketStore, type ForeignTicketStore } from './tickets/foreign-tickets.ts'
import { createGateLedgerStore, type GateLedgerStore } from './tickets/gate-ledger.ts'
import { createIssuedTicketStore, type IssuedTicketStore } from './tickets/issued-tickets.ts'
import { createTestTicketStore, type TestTicketStore } from './tickets/test-tickets.ts'
import { createTicketFeedStore, type TicketFeedStore } from './tickets/ticket-feed.ts'
import { createTicketKeyStore, type TicketKeyStore } from './tickets/ticket-keys.ts'
import { createTicketOfferStore, type TicketOfferStore } from './tickets/ticket-offer.ts'
import { createTicketSaleStore, type TicketSaleStore } from './tickets/ticket-sales.ts'
import { createUnitCertificateStore, type UnitCertificateStore } from './unit-certificates.ts'
import { createUnitKeyStore, type UnitKeyStore } from './unit-keys.ts'

/** Numbered, forward only, never changed once they have landed. */
const STEPS = {
  '001-first-tables': firstTables,
  '002-index-what-is-due': indexWhatIsDue,
  '003-when-a-view-was-seen': whenAViewWasSeen,
  '004-people-and-audit': peopleAndAudit,
  '005-configuration': configuration,
  '006-commands': commands,
  '007-commissioning': commissioning,
  '008-unit-certificates': unitCertificates,
  '009-machine-boot': machineBoot,
  '010-units-of-a-site': unitsOfASite,
  '011-tickets': tickets,
  '012-gate-rows': gateRows,
  '013-gate-lanes': gateLanes,
  '013-turned-away': turnedAway,
  '014-sale-once-a-museum': saleOnceAMuseum,
  '015-used-elsewhere': usedElsewhere,
  '016-test-tickets': testTickets,
  '017-issued-tickets': issuedTickets,
  '018-gate-alarms': gateAlarms,
}

/**
 * All that the cloud knows and must not forget, but for pictures (files) and series. Every function reads or writes the
 * database itself: nothing is held in memory that a second instance would miss. What the database throws is made
 * sense of by `storeFaultOf`.
 */
export type Store = {
  fleet: FleetStore
  frames: FrameStore
  items: ItemStore
  unitKeys: UnitKeyStore
  unitCertificates: UnitCertificateStore
  presence: PresenceStore
  cameraStates: CameraStateStore
  deadLetters: DeadLetterStore
  liveEvents: LiveEventStore
  commissionings: CommissioningStore
  configuration: ConfigurationStore
  replacements: ReplacementStore
  people: PeopleStore
  sessions: SessionStore
  oneTimeLinks: OneTimeLinkStore
  attempts: AttemptStore
  secondFactors: SecondFactorStore
  audit: AuditStore
  commands: CommandStore
  gateLedger: GateLedgerStore
  ticketOffer: TicketOfferStore
  foreignTickets: ForeignTicketStore
  ticketSales: TicketSaleStore
  ticketKeys: TicketKeyStore
  ticketFeed: TicketFeedStore
  testTickets: TestTicketStore
  issuedTickets: IssuedTicketStore
  /** Resolves when the database answers; for /health. */
  check(): Promise<void>
  close(): Promise<void>
}

export type StoreOptions = {
  /** The SQLite file, when `postgresUrl` is not given. */
  sqliteFile: string
  postgresUrl?: string | undefined
}

/** Opens the database and brings its tables to the newest step; throws a Fault when it cannot be reached. */
export async function createStore({ sqliteFile, postgresUrl }: StoreOptions): Promise<Store> {
  const database = postgresUrl === undefined ? openSqlite<Tables>(sqliteFile) : openPostgres<Tables>(postgresUrl)
  const { kysely } = database
  try {
    await migrate(database, STEPS)
  } catch (error) {
    await kysely.destroy()
    throw storeFaultOf(error) ?? error
  }
  return {
    fleet: createFleetStore(database),
    frames: createFrameStore(database),
    items: createItemStore(database),
    unitKeys: createUnitKeyStore(database),
    unitCertificates: createUnitCertificateStore(database),
    presence: createPresenceStore(database),
    cameraStates: createCameraStateStore(database),
    deadLetters: createDeadLetterStore(database),
    liveEvents: createLiveEventStore(database),
    commissionings: createCommissioningStore(database),
    configuration: createConfigurationStore(database),
    replacements: createReplacementStore(database),
    people: createPeopleStore(database),
    sessions: createSessionStore(database),
    oneTimeLinks: createOneTimeLinkStore(database),
    attempts: createAttemptStore(database),
    secondFactors: createSecondFactorStore(database),
    audit: createAuditStore(database),
    commands: createCommandStore(database),
    gateLedger: createGateLedgerStore(database),
    ticketOffer: createTicketOfferStore(database),
    foreignTickets: createForeignTicketStore(database),
    ticketSales: createTicketSaleStore(database),
    ticketKeys: createTicketKeyStore(database),
    ticketFeed: createTicketFeedStore(database),
    testTickets: createTestTicketStore(database),
    issuedTickets: createIssuedTicketStore(database),
    check: async () => {
      await sql`select 1`.execute(kysely)
    },
    close: () => kysely.destroy(),
  }
}
