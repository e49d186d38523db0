import type { Clock } from '@vigie/contract/clock'
import type { CameraId, ItemId, SiteId } from '@vigie/contract/ids'
import { decodePreview } from '@vigie/contract/preview'
import { parseTopic } from '@vigie/contract/topics'
import type { CommandStore } from '../store/commands.ts'
import { storeFaultOf } from '../store/store-fault.ts'

/** A preview as it is shown: to the person who asked, for a moment. */
export type ShownPreview = { seq: number; capturedAt: string; picture: Uint8Array }

export type Previews = {
  /** Takes what came over the wire. Never throws for what is in it. */
  take(topic: string, payload: Uint8Array): Promise<void>
  /**
   * The preview of a camera that its asker has not seen yet; waits for it a while.
   * @param after the number of the last one that was seen; null: none yet
   */
  next(
    of: { site: SiteId; camera: CameraId; askedBy: string; after: number | null },
    signal: AbortSignal,
  ): Promise<ShownPreview | null>
}

type Deps = { commands: Pick<CommandStore, 'of'>; clock: Clock }
type Asked = { askedBy: string; untilMs: number }

/** Longer than a look may last, in milliseconds: after that a unit has nothing to show for it any more. */
const ASKED_FOR_MS = 15 * 60_000
/** A preview that is older says nothing of where a camera looks now. */
const SHOWN_FOR_MS = 60_000
/** Some technicians at work at once, and a search that shows eight cameras each. Beyond: the oldest go. */
const MOST_CAMERAS = 128
const MOST_COMMANDS = 256
const WAIT_MS = 10_000
const MOST_WAITING = 64

/**
 * The newest preview of each camera, in memory alone: they are never stored. Every instance hears all of them, so that each
 * can answer. Who did not ask for a look sees nothing of it.
 */
export function createPreviews({ commands, clock }: Deps): Previews {
  const shown = new Map<string, ShownPreview & { askedBy: string; atMs: number }>()
  const asked = new Map<ItemId, Asked | null>()
  const waiting = new Set<() => void>()
  const nameOf = (site: SiteId, camera: CameraId) => `${site} ${camera}`

  async function whoAsked(site: SiteId, id: ItemId): Promise<Asked | null> {
    const known = asked.get(id)
    if (known !== undefined) return known
    const command = await commands.of(site, id)
    const isLook = command !== undefined && /"name":"(?:look|find-cameras)"/.test(command.body)
    const found = isLook ? { askedBy: command.askedBy, untilMs: command.askedAt + ASKED_FOR_MS } : null
    asked.set(id, found)
    trim(asked, MOST_COMMANDS)
    return found
  }

  function newest(site: SiteId, camera: CameraId, askedBy: string, after: number | null): ShownPreview | null {
    const found = shown.get(nameOf(site, camera))
    if (found === undefined || found.askedBy !== askedBy || found.seq === after) return null
    return clock.monotonicMs() - found.atMs > SHOWN_FOR_MS ? null : found
  }

  return {
    async take(topicText, payload) {
      const topic = parseTopic(topicText)
      const preview = decodePreview(payload)
      if (!topic.ok || !preview.ok || preview.value.header.unit !== topic.value.unit) return
      const { site } = topic.value
      const { command, camera, seq, at } = preview.value.header
      let who: Asked | null
      try {
        who = await whoAsked(site, command)
      } catch (error) {
        // Nobody waits for this one in particular: the next comes in a second.
        if (storeFaultOf(error) === undefined) throw error
        return
      }
      if (who === null || clock.now() > who.untilMs) return
      // A copy: the bytes are a part of what the network gave.
      const picture = Uint8Array.from(preview.value.picture)
      const name = nameOf(site, camera)
      shown.delete(name)
      shown.set(name, { seq, capturedAt: at, picture, askedBy: who.askedBy, atMs: clock.monotonicMs() })
      trim(shown, MOST_CAMERAS)
      for (const wake of [...waiting]) wake()
    },

    async next({ site, camera, askedBy, after }, signal) {
      const endMs = clock.monotonicMs() + WAIT_MS
      for (;;) {
        const found = newest(site, camera, askedBy, after)
        const leftMs = endMs - clock.monotonicMs()
        if (found !== null || leftMs <= 0 || signal.aborted || waiting.size >= MOST_WAITING) return found
        await new Promise<void>((resolve) => {
          const wake = () => {
            clearTimeout(timer)
            waiting.delete(wake)
            signal.removeEventListener('abort', wake)
            resolve()
          }
          const timer = setTimeout(wake, leftMs)
          waiting.add(wake)
          signal.addEventListener('abort', wake, { once: true })
        })
      }
    },
  }
}

function trim(map: Map<unknown, unknown>, most: number): void {
  const [oldest] = map.keys()
  if (map.size > most) map.delete(oldest)
}
