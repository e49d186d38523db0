import type { BootId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Birth, Farewell } from '@vigie/contract/presence'
import { buildTopic } from '@vigie/contract/topics'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { OutgoingMessage } from './cloud-connection.ts'
import type { Stamp } from './stamp.ts'

/** What the gateway calls its software in its birth; a test holds it to package.json. */
export const SOFTWARE = 'gateway-broker 0.1.0'

export type Presence = {
  birth(session: number, certificate: string): OutgoingMessage
  farewell(session: number, reason: Farewell['reason']): OutgoingMessage
}

/** What the gateway says of its own presence, as every unit does. */
export function createPresence(who: { site: SiteId; unit: UnitId; boot: BootId }, stamp: Stamp): Presence {
  const { site, unit, boot } = who
  const topic = buildTopic({ site, unit, what: 'presence' })
  const retained = (body: Birth | Farewell): OutgoingMessage => ({
    ...{ topic, payload: JSON.stringify(body), qos: 1, retain: true },
  })
  return {
    birth: (session, certificate) =>
      retained({ ...stamp('presence'), online: true, session, certificate, software: SOFTWARE }),
    farewell: (session, reason) => retained({ v: WIRE_VERSION, unit, boot, online: false, session, reason }),
  }
}
