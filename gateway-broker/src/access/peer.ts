import type { Principal } from '@vigie/contract/topics'
import type { Deliveries } from '../connection/deliveries.ts'
import type { ConnectRequest } from './connect-rules.ts'

/** One connection as the rules see it; `request` is there once CONNECT has come. */
export type Peer = { principal: Principal; address: string; deliveries: Deliveries; request?: ConnectRequest }
