import type { BootId, KeyId, SiteId, UnitId } from '@vigie/contract/ids'

/* The tables of configuration, as `tables.ts` says of the others. */

export type ConfigurationVersionTable = {
  site: SiteId
  version: number
  at: number
  /** A person's name, or `fleet-folder`. */
  who: string
  /** Why, in the words of whoever changed it; may be empty. */
  note: string
  /** Of type StoredConfiguration, JSON: passwords are sealed to the vault. */
  documents: string
}

/** What was last told to a unit of a site: told again as it is, whenever a broker has forgotten it. */
export type ConfigurationToldTable = {
  site: SiteId
  unit: UnitId
  /** To which of its keys passwords are sealed; null: there are none. */
  key: KeyId | null
  version: number
  attempt: number
  at: number
  /** The text of each document, JSON. */
  documents: string
}

export type ConfigurationReportedTable = {
  site: SiteId
  unit: UnitId
  version: number
  attempt: number
  /** Since when it runs, by the unit's clock. */
  since: number
  trying: number | null
  /** The newest set that was not taken, JSON of the contract's `refused`. */
  refused: string | null
  /** What came to it as a set and was not its fleet's word, JSON of the contract's `turnedAway`. */
  turnedAway: string | null
  /** Place of the state message that said so: to ignore an older one that comes later. */
  boot: BootId
  seq: number
  at: number
  receivedAt: number
}

export type ConfigurationTables = {
  configurationVersion: ConfigurationVersionTable
  configurationTold: ConfigurationToldTable
  configurationReported: ConfigurationReportedTable
}
