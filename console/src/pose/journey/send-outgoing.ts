import type { Documents } from '../../api/configuration.ts'
import { Refused } from '../../api/refused.ts'
import type { PoseCloud } from '../cloud/pose-cloud.ts'
import { chosenCameras, type Secrets, secretKey } from '../steps/chosen-cameras.ts'
import { configured } from '../steps/configured.ts'
import { drawnViews } from '../steps/mask-views.ts'
import type { Book } from './book.ts'
import { delivered, type Journey, joined, nextOutgoing, type Outgoing, refused } from './journey.ts'
import type { Kept } from './kept.ts'
import { whyRefused } from './why-refused.ts'

/** How the cloud is reached: it answers, nothing answers, or it wants to know first who asks. */
export type Link = 'up' | 'down' | 'signed-out'

type Deps = {
  book: Book
  kept: Pick<Kept, 'photo'>
  cloud: Pick<PoseCloud, 'addSite' | 'replace' | 'bindClaim' | 'begin' | 'configure' | 'enterStep' | 'addPhoto'>
  secrets: Secrets
  /** Waits, or until there is a reason to try at once: a change, the browser says that there is a network again. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>
  random: () => number
  /** The phone's clock, by which entries are dated. */
  now: () => number
  onLink: (link: Link) => void
}

/** The first pause; each failure doubles it, up to half a minute: a technician who walks into the signal does not wait. */
const PAUSE_MS = { least: 1_000, most: 30_000 }
/** The cloud has understood, and says no: asking again changes nothing. Besides these, it may say yes later. */
const FINAL = new Set([400, 403, 404, 405, 409, 410, 413, 415, 422])

/** What is still being typed is not sent letter by letter. */
const SETTLED_MS = 700

/** Sends what waits, one after the other, until the signal ends it: sent again until the cloud has it or says no. */
export async function sendOutgoing(deps: Deps, signal: AbortSignal): Promise<void> {
  const { book, kept, cloud, secrets, pause, random, now: clock, onLink } = deps
  let failures = 0
  while (!signal.aborted) {
    const next = nextOf(book.journeys.peek())
    if (next === null) {
      await book.changed(signal)
      continue
    }
    const { journey, outgoing } = next
    const restMs = unsettledMs(journey, outgoing)
    if (restMs > 0) {
      await pause(restMs, signal)
      continue
    }
    try {
      const change = await send(journey, outgoing)
      failures = 0
      onLink('up')
      await book.change(journey.id, change)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Refused && FINAL.has(error.status)) {
        onLink('up')
        const refusal = { outgoing, status: error.status, detail: whyRefused(error) }
        await book.change(journey.id, (now) => refused(now, refusal))
        continue
      }
      onLink(error instanceof Refused && error.status === 401 ? 'signed-out' : 'down')
      const most = Math.min(PAUSE_MS.most, PAUSE_MS.least * 2 ** failures)
      failures += 1
      await pause(PAUSE_MS.least / 2 + random() * most, signal)
    }
  }

  function unsettledMs({ entries }: Journey, outgoing: Outgoing): number {
    const entry = outgoing.kind === 'step' ? entries[outgoing.step] : undefined
    // A clock that was set back meanwhile must not hold anything for longer.
    return entry === undefined || entry.isDone ? 0 : Math.min(SETTLED_MS, entry.at + SETTLED_MS - clock())
  }

  /** @returns what the journey becomes once the cloud has it */
  async function send(journey: Journey, outgoing: Outgoing): Promise<(now: Journey) => Journey> {
    switch (outgoing.kind) {
      case 'site':
        await cloud.addSite(outgoing.site, signal)
        return (now) => delivered(now, outgoing)
      case 'replacement':
        await cloud.replace(outgoing, signal)
        return (now) => delivered(now, outgoing)
      case 'binding':
        await cloud.bindClaim(outgoing, signal)
        return (now) => ({ ...delivered(now, outgoing), claim: null })
      case 'beginning': {
        const { id, steps } = await cloud.begin(outgoing, signal)
        return (now) => ({ ...joined(delivered(now, outgoing), steps), commissioning: id })
      }
      case 'configuration': {
        const cameras = chosenCameras(journey)
        const typed = new Map(cameras.flatMap(({ id }) => secretOf(secrets, journey.id, id)))
        const views = drawnViews(journey)
        const change = (documents: Documents) => configured(documents, cameras, views, typed)
        await cloud.configure(outgoing.site, change, signal)
        return (now) => delivered(now, outgoing)
      }
      case 'step': {
        const entry = journey.entries[outgoing.step]
        if (entry === undefined || journey.commissioning === null) return (now) => delivered(now, outgoing)
        const seconds = journey.seconds[outgoing.step] ?? null
        await cloud.enterStep(journey.commissioning, outgoing.step, entry, seconds, signal)
        return (now) => delivered(now, outgoing)
      }
      case 'photo': {
        const photo = await kept.photo(outgoing.photo)
        if (photo !== undefined && journey.commissioning !== null)
          await cloud.addPhoto(journey.commissioning, photo, signal)
        return (now) => delivered(now, outgoing)
      }
    }
  }
}

function secretOf(secrets: Secrets, journey: string, camera: string): [camera: string, secret: string][] {
  const secret = secrets.get(secretKey(journey, camera))
  return secret === undefined || secret === '' ? [] : [[camera, secret]]
}

function nextOf(journeys: readonly Journey[]): { journey: Journey; outgoing: Outgoing } | null {
  for (const journey of journeys) {
    const outgoing = nextOutgoing(journey)
    if (outgoing !== null) return { journey, outgoing }
  }
  return null
}
