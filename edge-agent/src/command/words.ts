import type { Progress } from '@vigie/contract/command'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import type { Stamp } from '../stamp.ts'
import type { OutgoingMessage } from '../uplink/broker-connection.ts'
import type { Word } from './take-commands.ts'

/** What is to be said of commands: kept in memory until there is a connection. */
export type Words = {
  /** `onSent`: it has left. Not called for one that never does. */
  say(command: ItemId, word: Word, onSent: () => void): void
  first(): OutgoingMessage | null
  sent(): void
}

/** Beyond, the oldest goes: whoever asked hears how far it came when he asks again by the same id. */
const MAX_WAITING = 64

type Waiting = { message: OutgoingMessage; onSent: () => void }

export function createWords(who: { site: SiteId; unit: UnitId }, stamp: Stamp, announce: () => void): Words {
  const topic = buildTopic({ ...who, what: 'progress' })
  const waiting: Waiting[] = []
  let leaving: Waiting | null = null
  return {
    say(command, word, onSent) {
      const body: Progress = { ...stamp.next('progress'), kind: 'progress', command, ...word }
      const payload = Buffer.from(JSON.stringify(body))
      waiting.push({ message: { topic, payload, qos: 0, retain: false }, onSent })
      if (waiting.length > MAX_WAITING) waiting.shift()
      announce()
    },
    first() {
      leaving = waiting[0] ?? null
      return leaving?.message ?? null
    },
    sent() {
      // It may have had to make room meanwhile.
      if (waiting[0] === leaving) waiting.shift()
      leaving?.onSent()
      leaving = null
    },
  }
}
