import type { Principal } from '@vigie/contract/topics'
import type { Deliveries } from '../connection/deliveries.ts'
import type { ConnectRequest } from './connect-rules.ts'

/** One connection as the rules see it. */
export type Peer = {
  principal: Principal
  address: string
  deliveries: Deliveries
  /** What it was allowed to subscribe to. */
  filters: Set<string>
  /** There once CONNECT has come. */
  request?: ConnectRequest
}
