import type { BootId, MachineBootId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Birth, Farewell } from '@vigie/contract/presence'
import { buildTopic } from '@vigie/contract/topics'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Stamp } from '../stamp.ts'
import type { OutgoingMessage } from './broker-connection.ts'

/** What a unit says of its own presence. Retained, so that a cloud that starts later knows it too. */
export type Presence = {
  site: SiteId
  unit: UnitId
  birth(session: number): OutgoingMessage
  farewell(session: number, reason: Farewell['reason']): OutgoingMessage
}

export function createPresence(
  who: {
    site: SiteId
    unit: UnitId
    boot: BootId
    machineBoot?: MachineBootId | undefined
    certificate: () => string
    software: string
  },
  stamp: Stamp,
): Presence {
  const { site, unit, boot, machineBoot, certificate, software } = who
  const topic = buildTopic({ site, unit, what: 'presence' })
  const retained = (body: Birth | Farewell): OutgoingMessage => ({
    topic,
    payload: Buffer.from(JSON.stringify(body)),
    qos: 1,
    retain: true,
  })
  return {
    site,
    unit,
    birth: (session) =>
      retained({
        ...{ ...stamp.next('presence'), online: true, session, certificate: certificate(), software },
        ...(machineBoot !== undefined && { machineBoot }),
      }),
    farewell: (session, reason) => retained({ v: WIRE_VERSION, unit, boot, online: false, session, reason }),
  }
}
