import type { AddressedDeadLetter } from '@vigie/cloud-api/store/dead-letters'
import type { ItemOutcome, NewFrame } from '@vigie/cloud-api/store/items'
import type { Store } from '@vigie/cloud-api/store/store'
import type { BootId, CameraId, ItemId, KeyId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { afterEach, beforeEach } from 'vitest'
import { newUlid, trialSite } from '../fixtures/trial-fleet.ts'

export const site = 'essai-1' as SiteId
export const unit = 'vg-0001' as UnitId
export const camera = 'cam1' as CameraId
export const preset = 'amont' as PresetId
export const boot = newUlid() as BootId
export const HOUR_MS = 3_600_000
export const NOON = Date.parse('2026-11-22T12:00:00.000Z')

export const frameAt = (capturedAt: number, change: Partial<NewFrame> = {}): NewFrame => ({
  id: newUlid() as ItemId,
  site,
  unit,
  camera,
  preset,
  capturedAt,
  clock: 'synchronised',
  boot,
  seq: 1,
  mono: 1,
  widthPx: 1280,
  heightPx: 720,
  bytes: 100_000,
  sha256: newUlid().toLowerCase().padEnd(64, '0'),
  maskVersion: 1,
  key: '0123456789abcdef' as KeyId,
  receivedAt: capturedAt + 800,
  intervalS: null,
  doubts: '',
  ...change,
})

export const letterAt = (receivedAt: number, change: Partial<AddressedDeadLetter> = {}): AddressedDeadLetter => ({
  receivedAt,
  topic: 'vigie/1/essai-1/vg-0001/state',
  reason: 'not-json',
  detail: 'not JSON in UTF-8',
  bytes: 12,
  excerpt: Buffer.from('{'),
  site,
  unit,
  item: null,
  ...change,
})

/** Makes an empty database and gives what opens a store on it, as often as one likes. */
export type OpenDatabase = () => Promise<() => Promise<Store>>

/** One store on an empty database for each test, and further ones on the same. */
export type StoreTrial = {
  readonly store: Store
  /** A second instance on the same database; closed with the first. */
  second(): Promise<Store>
  /** Closes the first one and opens another. */
  reopen(): Promise<void>
  storeFrames(...frames: NewFrame[]): Promise<Map<ItemId, ItemOutcome>>
  /** Of the live events so far, in order. */
  causes(): Promise<string[]>
}

/** To be called once in a `describe`: opens before each test and closes after it. */
export function useStore(open: OpenDatabase): StoreTrial {
  let openAgain: () => Promise<Store>
  let store: Store
  const opened: Store[] = []
  const second = async () => {
    const other = await openAgain()
    opened.push(other)
    return other
  }
  beforeEach(async () => {
    openAgain = await open()
    store = await second()
    await store.fleet.replace([trialSite(1)])
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
  })
  return {
    get store() {
      return store
    },
    second,
    reopen: async () => {
      opened.splice(opened.indexOf(store), 1)
      await store.close()
      store = await second()
    },
    storeFrames: (...frames) => store.items.storeItems({ frames, states: [], deadLetters: [], heard: [], at: NOON }),
    causes: async () => (await store.liveEvents.after(0, 100)).map(({ cause }) => cause),
  }
}
