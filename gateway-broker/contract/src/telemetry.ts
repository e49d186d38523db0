import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { Count, envelope } from './envelope.ts'
import { CameraId } from './ids.ts'
import { ITEM_CLASSES, type ItemClass } from './item-class.ts'

/** What a box without the sensor says: null, never a made-up number. */
export const orUnknown = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

export function forEachClass<Schema extends Type.TSchema>(schema: Schema) {
  return Type.Object(Object.fromEntries(ITEM_CLASSES.map((name) => [name, schema])) as Record<ItemClass, Schema>) // keys are exactly the classes
}

/** What one sample measures, by the name of each figure. */
export const figures = {
  /** Of the processor, in degrees Celsius. */
  temperatureC: orUnknown(Type.Number({ minimum: -60, maximum: 150 })),
  diskFreeBytes: orUnknown(Count),
  diskTotalBytes: orUnknown(Count),
  /** Resident memory of the agent. */
  memoryBytes: Count,
  /** Of the machine. */
  memoryFreeBytes: Count,
  /** Wall clock minus the cloud's, as last measured; null when never. */
  clockOffsetMs: orUnknown(Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })),
}

const sample = {
  ...figures,
  /** For each camera, how long its last picture took from request to last byte; null when it failed. */
  cameras: Type.Array(Type.Object({ camera: CameraId, answerMs: orUnknown(Count) }), { maxItems: 16 }),
  /** What waits in the outbox. */
  queue: forEachClass(Type.Object({ items: Count, bytes: Count })),
  /** Bytes of payload handed to the network since this boot. */
  sentBytes: forEachClass(Count),
  /** Bytes of previews, which are of no class. */
  previewBytes: Type.Optional(Count),
  /**
   * Bytes of the connections to the broker since this boot, both ways: payloads, topics, MQTT, TLS and its handshakes. Not
   * the headers of TCP and IP, which are 40 to 52 bytes a packet and which no program is told of.
   */
  wire: Type.Optional(Type.Object({ sentBytes: Count, receivedBytes: Count })),
}

/** A unit's health at one moment. */
export const TelemetrySample = Type.Object(sample)
export type TelemetrySample = Type.Static<typeof TelemetrySample>

/** One sample in a message of its own, as units sent it each minute before there were batches. */
export const Telemetry = Type.Object({ ...envelope, kind: Type.Literal('telemetry'), ...sample })
export type Telemetry = Type.Static<typeof Telemetry>
export const decodeTelemetry = jsonDecoder(Telemetry)
