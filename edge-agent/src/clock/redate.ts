import { decodeFrame, sealFrame } from '@vigie/contract/frame'
import type { UnitKey } from '../frame/seal-frame.ts'
import type { OutgoingItem } from '../outbox/outbox.ts'
import type { Dated, HonestTime } from './honest-time.ts'

/** How an item that was made under an unknown clock says so; what does not hold these bytes is not looked at further. */
const UNDATED = Buffer.from('"clock":"unknown"')
/** A frame says it in its header, which stands first. */
const LOOKED_AT_BYTES = 64 * 1024

/**
 * Gives an item that was made while the clock was unknown its time, marked as estimated; its id and all that it says stay.
 * A frame's header is signed anew. Everything else, and everything while the time is not known, is left as it is.
 */
export function redate(
  { class: name, payload }: Pick<OutgoingItem, 'class' | 'payload'>,
  { time, key }: { time: Pick<HonestTime, 'redate'>; key: UnitKey },
): Uint8Array {
  const start = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, LOOKED_AT_BYTES))
  if (!start.includes(UNDATED)) return payload
  if (name !== 'frame') {
    const dated = dateOf(JSON.parse(Buffer.from(payload).toString()), time)
    return dated ? Buffer.from(JSON.stringify(dated)) : payload
  }
  const frame = decodeFrame(payload)
  const dated = frame.ok ? dateOf(frame.value.header, time) : null
  // The key may have been renewed since.
  return frame.ok && dated ? sealFrame({ ...dated, key: key.id }, frame.value.picture, key.privateKey) : payload
}

function dateOf<Item extends Dated>(item: Item, time: Pick<HonestTime, 'redate'>): Item | null {
  if (item.clock !== 'unknown') return null
  const at = time.redate(item)
  if (at === null) return null
  const { machine: _forgotten, ...rest } = item
  return { ...rest, at, clock: 'estimated' } as Item // nothing but an optional field is left out
}
