import { type Command, decodeProgress, type Progress } from '@vigie/contract/command'
import { decodeFrame, type FrameMessage } from '@vigie/contract/frame'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { decodePresence, type Presence } from '@vigie/contract/presence'
import type { Receipt, ReceiptItem } from '@vigie/contract/receipt'
import { decodeState, type State } from '@vigie/contract/state'
import { decodeTelemetryItem, type TelemetryItem } from '@vigie/contract/telemetry-batch'
import { buildTopic, cloudSubscriptions, parseTopic } from '@vigie/contract/topics'
import { decodeUnchanged, type Unchanged } from '@vigie/contract/unchanged'
import type { IClientOptions } from 'mqtt'
import { connectParty, type Heard } from '../../conformance/mqtt-party.ts'

/** One message of a unit, decoded. */
export type Delivery =
  | { what: 'frame'; value: FrameMessage; message: Buffer }
  | { what: 'state'; value: State }
  | { what: 'telemetry'; value: TelemetryItem }
  | { what: 'unchanged'; value: Unchanged }
  | { what: 'presence'; value: Presence }
  | { what: 'progress'; value: Progress }

/**
 * What it lies about: it stores nothing, judges no signature, and gives its receipt at once, item by item. So it answers
 * faster than the real one, and what it has receipted is gone with it.
 */
export type SmallCloud = {
  /** Everything that came and decoded, in order, doubles included. */
  deliveries: readonly Delivery[]
  /** Resolves with the first delivery, past or to come, that fits; the test's own timeout bounds the wait. */
  hears(fits: (delivery: Delivery) => boolean): Promise<Delivery>
  /** What it says of an item; null: nothing, as a cloud that is down. */
  answer: (delivery: Delivery) => ReceiptItem['outcome'] | null
  /** Sends a command to a unit. */
  command(to: { site: SiteId; unit: UnitId }, command: Command): void
  leave(): Promise<void>
}

/** Connects to a broker and receipts what it hears. */
export async function connectSmallCloud(
  port: number,
  { now, ...options }: IClientOptions & { now: () => number },
): Promise<SmallCloud> {
  const party = await connectParty(port, { clientId: 'cloud', ...options })
  const deliveries: Delivery[] = []
  const waiting = new Set<{ fits: (delivery: Delivery) => boolean; resolve: (delivery: Delivery) => void }>()
  const cloud: SmallCloud = {
    deliveries,
    hears(fits) {
      const already = deliveries.find(fits)
      if (already) return Promise.resolve(already)
      return new Promise((resolve) => waiting.add({ fits, resolve }))
    },
    answer: () => 'stored',
    command: (to, command) => {
      party.client.publish(buildTopic({ ...to, what: 'command' }), JSON.stringify(command))
    },
    leave: party.leave,
  }

  party.client.on('message', (topic, payload) => {
    const delivery = decode({ topic, payload, retain: false })
    const address = parseTopic(topic)
    if (!delivery || !address.ok) return
    deliveries.push(delivery)
    for (const waiter of waiting) {
      if (!waiter.fits(delivery)) continue
      waiting.delete(waiter)
      waiter.resolve(delivery)
    }
    const outcome = delivery.what === 'presence' || delivery.what === 'progress' ? null : cloud.answer(delivery)
    const id = idOf(delivery)
    if (outcome === null || id === null) return
    const receipt: Receipt = { v: 1, at: new Date(now()).toISOString(), items: [{ id, outcome }] }
    const { site, unit } = address.value
    party.client.publish(buildTopic({ site, unit, what: 'receipt' }), JSON.stringify(receipt))
  })
  await party.subscribe(cloudSubscriptions())
  return cloud
}

/** The id of an item; null for a farewell, which has none. */
export function idOf(delivery: Delivery): ItemId | null {
  if (delivery.what === 'frame') return delivery.value.header.id
  return 'id' in delivery.value ? delivery.value.id : null
}

function decode({ topic, payload }: Heard): Delivery | null {
  const parsed = parseTopic(topic)
  if (!parsed.ok) return null
  const { what } = parsed.value
  if (what === 'frame') {
    const frame = decodeFrame(payload)
    return frame.ok ? { what, value: frame.value, message: payload } : null
  }
  if (what === 'state') return ofValue(decodeState(payload), (value) => ({ what, value }))
  if (what === 'telemetry') return ofValue(decodeTelemetryItem(payload), (value) => ({ what, value }))
  if (what === 'progress') return ofValue(decodeProgress(payload), (value) => ({ what, value }))
  if (what === 'unchanged') return ofValue(decodeUnchanged(payload), (value) => ({ what, value }))
  if (what === 'presence') return ofValue(decodePresence(payload), (value) => ({ what, value }))
  return null
}

function ofValue<Value>(decoded: { ok: true; value: Value } | { ok: false }, make: (value: Value) => Delivery) {
  return decoded.ok ? make(decoded.value) : null
}
