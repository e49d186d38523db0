/**
 * Lets the technician's page open without a network. Pages come from the network while it answers soon enough, else as
 * they were last; built files never change under their name, and are fetched once. Nothing of the API is kept here: what
 * was entered is kept by the page itself, and what the cloud says is shown only while it says it.
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

const KEPT = 'pose-1'
const PAGE = '/pose'
const FILES = '/pose/files.json'
/** With one bar of signal a page that has not begun to come in this time is shown as it was. */
const PATIENCE_MS = 3_000

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
  if (request.mode === 'navigate' && isPage(pathname)) event.respondWith(pageOf(event))
  else if (pathname.startsWith('/assets/')) event.respondWith(fileOf(request))
})

const isPage = (pathname: string) => pathname === PAGE || pathname.startsWith(`${PAGE}/`)

/** Keeps the page and everything that it may load, and forgets what an older one had. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(KEPT)
  const [page, list] = await Promise.all([fetch(PAGE), fetch(FILES)])
  if (!page.ok || !list.ok) throw new Error('the page cannot be kept now')
  const { files } = (await list.json()) as { files: string[] } // cloud-api/src/http/pose.ts
  for (const file of files) if ((await cache.match(file)) === undefined) await cache.add(file)
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
    const answer = await fetch(event.request.url, { ...(signal && { signal }), credentials: 'same-origin' })
    if (!answer.ok) return kept ?? answer
    // A new build has new files: they are fetched while there is a network, not when one is needed.
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
