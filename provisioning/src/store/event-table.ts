import type { OfficeEvent } from '@vigie/contract/office'
import type { Database } from 'better-sqlite3'

/** What is told of an event; what does not apply is left out. */
export type NewEvent = { at: number; kind: OfficeEvent['kind']; isAlarm?: boolean } & Partial<
  Pick<OfficeEvent, 'reason' | 'unit' | 'site' | 'claim' | 'serial' | 'by' | 'address'>
>

type Row = Omit<OfficeEvent, 'at' | 'isAlarm'> & { at: number; alarm: number }

export type EventTable = ReturnType<typeof createEventTable>

export function createEventTable(database: Database) {
  const add = database.prepare(
    `INSERT INTO event (at, kind, alarm, reason, unit, site, claim, serial, by, address)
     VALUES (@at, @kind, @alarm, @reason, @unit, @site, @claim, @serial, @by, @address)`,
  )
  const after = database.prepare<[number, number], Row>('SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?')
  const newest = database.prepare<[], { seq: number }>(`SELECT coalesce(max(seq), 0) AS seq FROM event`)
  const forget = database.prepare('DELETE FROM event WHERE at < ? AND seq < (SELECT max(seq) FROM event)')
  const empty = { reason: null, unit: null, site: null, claim: null, serial: null, by: null, address: null }
  return {
    add: ({ isAlarm = false, ...event }: NewEvent): void =>
      void add.run({ ...empty, ...event, alarm: isAlarm ? 1 : 0 }),
    after: (seq: number, count: number): OfficeEvent[] =>
      after.all(seq, count).map(({ alarm, at, ...row }) => ({
        ...row,
        at: new Date(at).toISOString(),
        isAlarm: alarm === 1,
      })),
    newest: (): number => newest.get()?.seq ?? 0,
    forgetBefore: (time: number): void => void forget.run(time),
  }
}
