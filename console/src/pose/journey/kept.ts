import type { Journey } from './journey.ts'

/** What this phone keeps through a reload, a flat battery and a day without signal. */
export type Kept = {
  journeys(): Promise<Journey[]>
  put(journey: Journey): Promise<void>
  /** Forgets a journey and its photos. */
  forget(id: string): Promise<void>
  putPhoto(photo: KeptPhoto): Promise<void>
  photo(id: string): Promise<KeptPhoto | undefined>
  photosOf(journey: string): Promise<KeptPhoto[]>
}

export type KeptPhoto = { id: string; journey: string; caption: string; takenAt: number; jpeg: Blob }

const NAME = 'vigie-pose'
const VERSION = 1
const JOURNEYS = 'journeys'
const PHOTOS = 'photos'

/** In the browser's own database. Each write is on the phone's disk before it is called done. */
export async function openKept(factory: IDBFactory): Promise<Kept> {
  const database = await open(factory)

  function within<Result>(
    store: typeof JOURNEYS | typeof PHOTOS,
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: 'strict' })
      const request = ask(transaction.objectStore(store))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
      transaction.onerror = () => reject(transaction.error)
    })
  }

  const photosOf = (journey: string) =>
    within<KeptPhoto[]>(PHOTOS, 'readonly', (store) => store.index('journey').getAll(journey))

  return {
    journeys: () => within<Journey[]>(JOURNEYS, 'readonly', (store) => store.getAll()),
    put: async (journey) => {
      await within(JOURNEYS, 'readwrite', (store) => store.put(journey))
    },
    forget: async (id) => {
      for (const photo of await photosOf(id)) await within(PHOTOS, 'readwrite', (store) => store.delete(photo.id))
      await within(JOURNEYS, 'readwrite', (store) => store.delete(id))
    },
    putPhoto: async (photo) => {
      await within(PHOTOS, 'readwrite', (store) => store.put(photo))
    },
    photo: (id) => within<KeptPhoto | undefined>(PHOTOS, 'readonly', (store) => store.get(id)),
    photosOf,
  }
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(JOURNEYS, { keyPath: 'id' })
      request.result.createObjectStore(PHOTOS, { keyPath: 'id' }).createIndex('journey', 'journey')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('another page keeps the old form open'))
  })
}
