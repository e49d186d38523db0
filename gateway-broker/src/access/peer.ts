import type { Principal } from '@vigie/contract/topics'
import type { ConnectRequest } from './connect-rules.ts'

/** One connection as the rules see it; `request` is there once CONNECT has come. */
export type Peer = { principal: Principal; address: string; request?: ConnectRequest }
