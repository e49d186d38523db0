import { type Command, type CommandBody, decodeProgress, type Progress } from '@vigie/contract/command'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic, parseTopic } from '@vigie/contract/topics'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Voice } from '../../voice.ts'

/** How a lane answered; `silent`: not in time. It may have done it all the same, and will never do it later. */
export type LaneAnswer = { step: 'done' } | { step: 'refused' | 'expired'; reason: string } | { step: 'silent' }

export type LaneCommands = {
  /** Asks the unit of a lane, in a person's name, and waits for its last word. */
  ask(unit: UnitId, body: CommandBody, by: string): Promise<LaneAnswer>
}

type LaneCommandDeps = {
  site: SiteId
  /** For its filter alone: nobody else hears what units say here. */
  unit: UnitId
  voice: Voice
  now: () => number
  newId: () => ItemId
  /** Resolves after so long, or at once when the answer is there. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Who stands at a lane looks at it, not at a phone: what has not opened by then must not open later. */
const EXPIRES_AFTER_MS = 10_000
const ANSWERS_WITHIN_MS = 5_000

export async function createLaneCommands(deps: LaneCommandDeps): Promise<LaneCommands> {
  const { site, voice, now, newId, wait } = deps
  const waiting = new Map<ItemId, { unit: UnitId; hear(progress: Progress): void }>()
  const filter = buildTopic({ site, unit: deps.unit, what: 'progress' }).replace(`/${deps.unit}/`, '/+/')
  await voice.hear(filter, (topic, payload) => {
    const parsed = parseTopic(topic)
    const progress = decodeProgress(payload)
    if (!parsed.ok || !progress.ok || progress.value.unit !== parsed.value.unit) return
    const asked = waiting.get(progress.value.command)
    // No other box speaks for the one that was asked.
    if (asked?.unit === progress.value.unit && progress.value.step !== 'accepted') asked.hear(progress.value)
  })
  return {
    async ask(unit, body, by) {
      const atMs = now()
      const command: Command = {
        ...{ v: WIRE_VERSION, id: newId(), by, body },
        issuedAt: new Date(atMs).toISOString(),
        expiresAt: new Date(atMs + EXPIRES_AFTER_MS).toISOString(),
      }
      const answered = new AbortController()
      let last: Progress | null = null
      waiting.set(command.id, {
        unit,
        hear(progress) {
          last = progress
          answered.abort()
        },
      })
      try {
        await voice.say(buildTopic({ site, unit, what: 'command' }), JSON.stringify(command))
        await wait(ANSWERS_WITHIN_MS, answered.signal)
      } finally {
        waiting.delete(command.id)
      }
      return answerOf(last)
    },
  }
}

function answerOf(progress: Progress | null): LaneAnswer {
  if (progress === null) return { step: 'silent' }
  if (progress.step === 'done') return { step: 'done' }
  return { step: progress.step === 'expired' ? 'expired' : 'refused', reason: progress.reason ?? 'refused' }
}
