import { AgentFault } from '../faults.ts'
import type { BrokerConnection, OutgoingMessage } from './broker-connection.ts'

/** The connection of the moment, for what is said beside items and receipts. */
export type Line = {
  isOpen(): boolean
  /** @throws AgentFault `broker-unreachable` while there is no connection, or what ends the one there is */
  publish(message: OutgoingMessage, signal: AbortSignal): Promise<void>
  opened(connection: Pick<BrokerConnection, 'publish'>): void
  closed(): void
}

export function createLine(): Line {
  let current: Pick<BrokerConnection, 'publish'> | null = null
  return {
    isOpen: () => current !== null,
    async publish(message, signal) {
      if (current === null) throw new AgentFault('broker-unreachable', 'no connection now')
      await current.publish(message, signal)
    },
    opened(connection) {
      current = connection
    },
    closed() {
      current = null
    },
  }
}
