/**
 * Lets the page of the gate staff open while the gateway is away. The page comes from the gateway while that answers soon
 * enough, else as it was last; built files never change under their name. Nothing of the API is kept here: the page keeps
 * its list itself. It imports nothing: its address is another than that of the files of the build.
 */

/** What is used of a service worker's own world; the types of a page and of a worker cannot stand in one program. */
type Lasting = Event & { waitUntil(work: Promise<unknown>): void }
type Fetching = Lasting & { request: Request; respondWith(answer: Promise<Response>): void }
type OwnWorld = {
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  location: Location
}
const worker = self as unknown as OwnWorld // the file is run as a service worker only

const KEPT = 'portillon-1'
const PAGE = '/portillon.html'
const FILES = '/portillon/files.json'
/** In a building the gateway answers at once or is away. */
const PATIENCE_MS = 1_500

worker.addEventListener('install', (event) => {
  event.waitUntil(keepAll().then(() => worker.skipWaiting()))
})
worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim())
})
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== worker.location.origin || request.method !== 'GET') return
  if (request.mode === 'navigate' && (pathname === PAGE || pathname === '/')) event.respondWith(pageOf(event))
  else if (pathname.startsWith('/assets/')) event.respondWith(fileOf(request))
})

/** Keeps the page and everything that it may load, and forgets what an older one had. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(KEPT)
  const [page, list] = await Promise.all([fetch(PAGE), fetch(FILES)])
  if (!page.ok || !list.ok) throw new Error('the page cannot be kept now')
  const { files } = (await list.json()) as { files: string[] } // gateway-broker/src/museum/http/pages.ts
  for (const file of files) if (file !== PAGE && (await cache.match(file)) === undefined) await cache.add(file)
  await cache.put(PAGE, page)
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url)
    if (pathname !== PAGE && !files.includes(pathname)) await cache.delete(url)
  }
}

async function pageOf(event: Fetching): Promise<Response> {
  const cache = await caches.open(KEPT)
  const kept = await cache.match(PAGE)
  try {
    const signal = kept === undefined ? undefined : AbortSignal.timeout(PATIENCE_MS)
    const answer = await fetch(PAGE, { ...(signal && { signal }), credentials: 'same-origin' })
    if (!answer.ok) return kept ?? answer
    // A new build has new files: they are fetched while the gateway is there, not when one is needed.
    event.waitUntil(keepAll().catch(() => {}))
    return answer
  } catch (error) {
    if (kept === undefined) throw error
    return kept
  }
}

async function fileOf(request: Request): Promise<Response> {
  const cache = await caches.open(KEPT)
  const kept = await cache.match(request.url)
  if (kept !== undefined) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request.url, answer.clone())
  return answer
}

// A module: its names are its own.
export {}
