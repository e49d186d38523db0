import Type from 'typebox'
import { TELEMETRY_MAX_SAMPLES } from './bounds.ts'
import { type Decoded, jsonDecoder, refused } from './decode.ts'
import { Count, type Envelope, envelope } from './envelope.ts'
import { CameraId } from './ids.ts'
import { ofEveryClass } from './item-class.ts'
import { figures, forEachClass, orUnknown, Telemetry, type TelemetrySample } from './telemetry.ts'

/** A figure over the samples of a batch: its values in their order, or the one value that it had in all of them. */
const over = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Union([schema, Type.Array(schema, { minItems: 1, maxItems: TELEMETRY_MAX_SAMPLES })])
type Over<Value> = Value | Value[]

/** Several samples of a unit's health: one message costs a SIM less than ten. Every figure has as many values as `agoMs`. */
export const TelemetryBatch = Type.Object({
  ...envelope,
  kind: Type.Literal('telemetry-batch'),
  /** When each sample was taken, in milliseconds before `at`; the oldest first. */
  agoMs: Type.Array(Count, { minItems: 1, maxItems: TELEMETRY_MAX_SAMPLES }),
  temperatureC: over(figures.temperatureC),
  diskFreeBytes: over(figures.diskFreeBytes),
  diskTotalBytes: over(figures.diskTotalBytes),
  memoryBytes: over(figures.memoryBytes),
  memoryFreeBytes: over(figures.memoryFreeBytes),
  clockOffsetMs: over(figures.clockOffsetMs),
  cameras: Type.Array(Type.Object({ camera: CameraId, answerMs: over(orUnknown(Count)) }), { maxItems: 16 }),
  queue: forEachClass(Type.Object({ items: over(Count), bytes: over(Count) })),
  sentBytes: forEachClass(over(Count)),
  previewBytes: Type.Optional(over(Count)),
  wire: Type.Optional(Type.Object({ sentBytes: over(Count), receivedBytes: over(Count) })),
})
export type TelemetryBatch = Type.Static<typeof TelemetryBatch>

/** A sample and how long before the batch's `at` it was taken. */
export type AgedSample = TelemetrySample & { agoMs: number }

/** An item of telemetry in either form. */
export type TelemetryItem = Envelope & { samples: AgedSample[] }

/** Puts samples of the same cameras together, the oldest first. */
export function batchOf(start: Envelope, samples: readonly AgedSample[]): TelemetryBatch {
  const of = <Value>(figure: (sample: AgedSample) => Value): Over<Value> => {
    const values = samples.map(figure)
    const [first] = values
    return first !== undefined && values.every((value) => value === first) ? first : values
  }
  const [first] = samples
  return {
    ...start,
    kind: 'telemetry-batch',
    agoMs: samples.map(({ agoMs }) => agoMs),
    temperatureC: of(({ temperatureC }) => temperatureC),
    diskFreeBytes: of(({ diskFreeBytes }) => diskFreeBytes),
    diskTotalBytes: of(({ diskTotalBytes }) => diskTotalBytes),
    memoryBytes: of(({ memoryBytes }) => memoryBytes),
    memoryFreeBytes: of(({ memoryFreeBytes }) => memoryFreeBytes),
    clockOffsetMs: of(({ clockOffsetMs }) => clockOffsetMs),
    cameras: (first?.cameras ?? []).map(({ camera }, index) => ({
      camera,
      answerMs: of(({ cameras }) => cameras[index]?.answerMs ?? null),
    })),
    queue: ofEveryClass((name) => ({
      items: of(({ queue }) => queue[name].items),
      bytes: of(({ queue }) => queue[name].bytes),
    })),
    sentBytes: ofEveryClass((name) => of(({ sentBytes }) => sentBytes[name])),
    ...(samples.some(({ previewBytes }) => previewBytes !== undefined) && {
      previewBytes: of(({ previewBytes }) => previewBytes ?? 0),
    }),
    ...(first?.wire && {
      wire: {
        sentBytes: of(({ wire }) => wire?.sentBytes ?? 0),
        receivedBytes: of(({ wire }) => wire?.receivedBytes ?? 0),
      },
    }),
  }
}

const decodeEither = jsonDecoder(Type.Union([Telemetry, TelemetryBatch]))

/** Decodes an item of telemetry in either form. */
export function decodeTelemetryItem(bytes: Uint8Array): Decoded<TelemetryItem> {
  const decoded = decodeEither(bytes)
  if (!decoded.ok) return decoded
  const said = decoded.value
  if (said.kind === 'telemetry') return { ok: true, value: { ...said, samples: [{ ...said, agoMs: 0 }] } }
  const samples = samplesOf(said)
  return samples === null
    ? refused('shape-wrong', 'figures of different lengths')
    : { ok: true, value: { ...said, samples } }
}

/** Takes a batch apart; null when a figure has not as many values as there are samples. */
function samplesOf(batch: TelemetryBatch): AgedSample[] | null {
  let isWhole = true
  const at = <Value>(figure: Over<Value>, index: number): Value => {
    if (!Array.isArray(figure)) return figure
    if (figure.length !== batch.agoMs.length) isWhole = false
    return figure[index] as Value // looked at only when there are as many
  }
  const samples = batch.agoMs.map((agoMs, index): AgedSample => {
    return {
      agoMs,
      temperatureC: at(batch.temperatureC, index),
      diskFreeBytes: at(batch.diskFreeBytes, index),
      diskTotalBytes: at(batch.diskTotalBytes, index),
      memoryBytes: at(batch.memoryBytes, index),
      memoryFreeBytes: at(batch.memoryFreeBytes, index),
      clockOffsetMs: at(batch.clockOffsetMs, index),
      cameras: batch.cameras.map(({ camera, answerMs }) => ({ camera, answerMs: at(answerMs, index) })),
      queue: ofEveryClass((name) => ({
        items: at(batch.queue[name].items, index),
        bytes: at(batch.queue[name].bytes, index),
      })),
      sentBytes: ofEveryClass((name) => at(batch.sentBytes[name], index)),
      ...(batch.previewBytes !== undefined && { previewBytes: at(batch.previewBytes, index) }),
      ...(batch.wire && {
        wire: { sentBytes: at(batch.wire.sentBytes, index), receivedBytes: at(batch.wire.receivedBytes, index) },
      }),
    }
  })
  return isWhole ? samples : null
}
