import type { Progress } from '@vigie/contract/command'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import type { Stamp } from '../stamp.ts'
import type { OutgoingMessage } from '../uplink/broker-connection.ts'
import type { Word } from './take-commands.ts'

/** What is to be said of commands: kept in memory until there is a connection. */
export type Words = {
  say(command: ItemId, word: Word): void
  first(): OutgoingMessage | null
  sent(): void
}

/** Beyond, the oldest goes: whoever asked hears how far it came when he asks again by the same id. */
const MAX_WAITING = 64

export function createWords(who: { site: SiteId; unit: UnitId }, stamp: Stamp, announce: () => void): Words {
  const topic = buildTopic({ ...who, what: 'progress' })
  const waiting: OutgoingMessage[] = []
  return {
    say(command, word) {
      const body: Progress = { ...stamp.next('progress'), kind: 'progress', command, ...word }
      waiting.push({ topic, payload: Buffer.from(JSON.stringify(body)), qos: 0, retain: false })
      if (waiting.length > MAX_WAITING) waiting.shift()
      announce()
    },
    first: () => waiting[0] ?? null,
    sent: () => void waiting.shift(),
  }
}
