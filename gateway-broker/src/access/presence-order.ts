import { decodePresence } from '@vigie/contract/presence'
import { parseTopic } from '@vigie/contract/topics'

/**
 * Remembers the session of each unit's last birth, so that the will of an older connection, published late, does not
 * replace the newer birth that is retained. One number for each unit that ever connected; gone with the broker, as the
 * retained messages are.
 */
export function createPresenceOrder() {
  const sessions = new Map<string, number>()
  return {
    /** True for a farewell of an older session. A birth is taken as it comes: its connection is there to say it. */
    isOutdated(topic: string, payload: Uint8Array): boolean {
      const parsed = parseTopic(topic)
      if (!parsed.ok || parsed.value.what !== 'presence') return false
      const presence = decodePresence(payload)
      if (!presence.ok) return false // the cloud makes it a dead letter
      const { online, session } = presence.value
      if (online) sessions.set(topic, session)
      return !online && session < (sessions.get(topic) ?? 0)
    },
  }
}
