import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { SiteDocument } from '@vigie/config-schema/site-document'

/** Where the simulator stands in for a tripod and its readers: ports of loopback. */
export type GatePlan = {
  site: string
  lane: LaneFacts
  board: number
  reader: number
  /** Of a lane that lets out too. */
  exitReader: number | null
}

/** A museum whose boxes, gateway and gates are all on this machine. */
export type MuseumPlan = {
  document: SiteDocument
  /** The gateway's broker for the lanes, and its page for the staff. */
  ports: { broker: number; page: number }
  gates: GatePlan[]
}

/** Lanes whose reader and board somebody else stands in for. */
export type OwnGates = (lane: LaneFacts) => LaneFacts

const portsOf = ({ lanes = [] }: SiteDocument) => 2 + lanes.length * 3

/** How many ports they take, one after the other. */
export const museumPortCount = (museums: readonly SiteDocument[]): number =>
  museums.reduce((count, museum) => count + portsOf(museum), 0)

/** Gives every part of the museums its port, and writes into their documents where reader, board and gateway are. */
export function planMuseums(museums: readonly SiteDocument[], firstPort: number, ownGates?: OwnGates): MuseumPlan[] {
  let next = firstPort
  return museums.map((museum) => {
    const [broker, page, firstOfGates] = [next, next + 1, next + 2]
    next += portsOf(museum)
    const gates = (museum.lanes ?? []).map((lane, index): GatePlan => {
      const board = firstOfGates + index * 3
      return {
        ...{ site: museum.id, lane, board, reader: board + 1 },
        exitReader: lets(lane, 'out') ? board + 2 : null,
      }
    })
    const lanes = ownGates ? (museum.lanes ?? []).map(ownGates) : gates.map(wired)
    const gateway = { url: `mqtts://127.0.0.1:${broker}`, page: `http://localhost:${page}` }
    const document = { ...museum, lanes, gateway }
    return { document, ports: { broker, page }, gates: ownGates ? [] : gates }
  })
}

const lets = ({ direction }: LaneFacts, way: 'in' | 'out') => direction === 'both' || direction === way

const at = (port: number) => `tcp://127.0.0.1:${port}`

function wired({ lane, board, reader, exitReader }: GatePlan): LaneFacts {
  return {
    ...lane,
    reader: { ...lane.reader, port: at(reader) },
    ...(exitReader !== null && { exitReader: { profile: lane.reader.profile, port: at(exitReader) } }),
    board: { ...lane.board, profile: 'generic-modbus-tcp', port: at(board) },
  }
}
