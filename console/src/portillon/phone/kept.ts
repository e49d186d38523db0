import type { Catalogue } from '@vigie/contract/gate/catalogue'
import type { FeedEntry } from '@vigie/contract/gate/feed'
import { decisionNamedBy, ticketNamedBy } from '@vigie/contract/gate/merge'
import type { DecisionBody, Row } from '@vigie/contract/gate/row'
import type { Me } from '../../api/museum.ts'
import { asRows } from './as-rows.ts'

/** A decision that this phone made by itself and has not handed up; or that it took back since. */
export type Outgoing = { nonce: string; site: string; at: string; body: DecisionBody; undoneAt?: string }
/** One that the gateway would not take, and why: it stays on the phone until somebody has looked. */
export type TurnedAway = Outgoing & { reason: string }
/** What the gateway made of one: its row, or why there is none. */
export type Settled = { id: string } | { reason: string }
/** How far the phone's list goes, and by how much its clock is behind the gateway's. */
export type Mark = { feed: number; rows: number; syncedAt: number; clockOffsetMs: number }
export const NO_MARK: Mark = { feed: 0, rows: 0, syncedAt: 0, clockOffsetMs: 0 }

/** What this phone keeps through a reload and a day without the gateway. No name of a visitor is among it. */
export type Kept = Awaited<ReturnType<typeof openKept>>

const NAME = 'vigie-portillon'
const VERSION = 1
const STORES = ['facts', 'feed', 'rows', 'outgoing', 'turned-away'] as const
type StoreName = (typeof STORES)[number]
/** Under what the nights stand on which everybody was counted out; no ticket or id is called so. */
const NIGHTS = 'nights'
/** Likewise those who were let in against the word of a gate: how many a day, is counted. */
const OVERRIDES = 'overrides'

type KeptRow = { id: string; about: string; row: Row }
type KeptEntry = { ref: string; entry: FeedEntry }

/** In the browser's own database. Each write is on the phone's disk before it is called done. */
export async function openKept(factory: IDBFactory) {
  const database = await open(factory)

  function within<Result>(
    names: readonly StoreName[],
    mode: IDBTransactionMode,
    ask: (storeOf: (name: StoreName) => IDBObjectStore) => IDBRequest<Result> | null,
  ): Promise<Result | null> {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction([...names], mode, { durability: 'strict' })
      const request = ask((name) => transaction.objectStore(name))
      transaction.oncomplete = () => resolve(request?.result ?? null)
      transaction.onabort = () => reject(transaction.error)
      transaction.onerror = () => reject(transaction.error)
    })
  }
  const fact = async <Value>(name: string): Promise<Value | null> =>
    (await within<{ value: Value } | undefined>(['facts'], 'readonly', (of) => of('facts').get(name)))?.value ?? null
  const setFact = (name: string, value: unknown) =>
    within(['facts'], 'readwrite', (of) => of('facts').put({ name, value }))
  const rowsAbout = async (about: string): Promise<Row[]> => {
    const found = await within<KeptRow[]>(['rows'], 'readonly', (of) => of('rows').index('about').getAll(about))
    return (found ?? []).map(({ row }) => row)
  }

  return {
    me: () => fact<Me>('me'),
    setMe: (me: Me | null) => setFact('me', me),
    catalogue: () => fact<Catalogue>('catalogue'),
    setCatalogue: (catalogue: Catalogue) => setFact('catalogue', catalogue),
    mark: async () => (await fact<Mark>('mark')) ?? NO_MARK,
    /** The mark moves with what it stands for, or not at all. */
    take: ({ entries = [], rows = [] }: { entries?: readonly FeedEntry[]; rows?: readonly Row[] }, mark: Mark) =>
      within(['facts', 'feed', 'rows'], 'readwrite', (of) => {
        for (const entry of entries)
          of('feed').put({ ref: entry.ticket ?? entry.hash ?? '', entry } satisfies KeptEntry)
        keepRows(of('rows'), rows)
        return of('facts').put({ name: 'mark', value: mark })
      }),
    entryOf: async (ref: string) =>
      (await within<KeptEntry | undefined>(['feed'], 'readonly', (of) => of('feed').get(ref)))?.entry ?? null,
    /** All rows about one ticket: its decisions, what came of them, and what the staff set. */
    rowsOf: async (ticket: string): Promise<Row[]> => {
      const named = await rowsAbout(ticket)
      return [...named, ...(await Promise.all(named.map(({ id }) => rowsAbout(id)))).flat()]
    },
    /** When everybody was counted out, ascending. */
    nights: async (): Promise<string[]> => (await rowsAbout(NIGHTS)).map(({ at }) => at).sort(),
    /** All rows by which somebody was let in against the word of a gate. */
    overrides: () => rowsAbout(OVERRIDES),
    outgoing: async () => (await within<Outgoing[]>(['outgoing'], 'readonly', (of) => of('outgoing').getAll())) ?? [],
    putOutgoing: (one: Outgoing) => within(['outgoing'], 'readwrite', (of) => of('outgoing').put(one)),
    /** Handed up, and in the phone's own list from then on; or refused, and then kept with the reason. */
    settle: (sent: Outgoing, settled: Settled) =>
      within<Outgoing | undefined>(['outgoing', 'turned-away', 'rows'], 'readwrite', (of) => {
        if ('reason' in settled) of('turned-away').put({ ...sent, reason: settled.reason } satisfies TurnedAway)
        else keepRows(of('rows'), asRows(sent, settled.id))
        const standing: IDBRequest<Outgoing | undefined> = of('outgoing').get(sent.nonce)
        standing.onsuccess = () => {
          // Taken back while it was on its way: that is still to be told.
          if (standing.result?.undoneAt === sent.undoneAt) of('outgoing').delete(sent.nonce)
        }
        return standing
      }),
    turnedAway: async () =>
      (await within<TurnedAway[]>(['turned-away'], 'readonly', (of) => of('turned-away').getAll())) ?? [],
    forgetTurnedAway: (nonce: string) => within(['turned-away'], 'readwrite', (of) => of('turned-away').delete(nonce)),
    /** Of another museum, or of nobody any more; what is not handed up stays. */
    forgetList: () =>
      within(['facts', 'feed', 'rows'], 'readwrite', (of) => {
        of('feed').clear()
        of('rows').clear()
        return of('facts').clear()
      }),
  }
}

function keepRows(into: IDBObjectStore, rows: readonly Row[]): void {
  for (const row of rows) {
    const isNight = row.body.kind === 'everybody-out'
    const about = isNight ? NIGHTS : (ticketNamedBy(row) ?? decisionNamedBy(row))
    if (about !== undefined) into.put({ id: row.id, about, row } satisfies KeptRow)
    const isOverride = row.body.kind === 'decision' && row.body.forced !== undefined
    if (isOverride) into.put({ id: `${row.id} override`, about: OVERRIDES, row } satisfies KeptRow)
  }
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      const { result } = request
      result.createObjectStore('facts', { keyPath: 'name' })
      result.createObjectStore('feed', { keyPath: 'ref' })
      result.createObjectStore('rows', { keyPath: 'id' }).createIndex('about', 'about')
      result.createObjectStore('outgoing', { keyPath: 'nonce' })
      result.createObjectStore('turned-away', { keyPath: 'nonce' })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('another page keeps the old form open'))
  })
}
