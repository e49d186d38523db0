import { Point } from '@influxdata/influxdb-client'
import { ITEM_CLASSES } from '@vigie/contract/item-class'
import type { TelemetryPoint } from './series-store.ts'

/*
 * Measurements, tags and fields:
 *   unit_health    site, unit           temperature_c (float), disk_free_bytes, disk_total_bytes, memory_bytes, wire_sent_bytes, ...
 *   outbox         site, unit, class    items, bytes, sent_bytes
 *   camera_answer  site, unit, camera   answer_ms
 * All but the temperature are integers: InfluxDB fixes a field's type at its first point.
 */

/** The points of one unit's telemetry. What is not known is left out. */
export function influxPointsOf(point: TelemetryPoint): Point[] {
  const { site, unit, at } = point
  const begin = (measurement: string) => new Point(measurement).tag('site', site).tag('unit', unit).timestamp(at)

  const health = begin('unit_health')
    .intField('memory_bytes', point.memoryBytes)
    .intField('memory_free_bytes', point.memoryFreeBytes)
  if (point.temperatureC !== null) health.floatField('temperature_c', point.temperatureC)
  if (point.diskFreeBytes !== null) health.intField('disk_free_bytes', point.diskFreeBytes)
  if (point.diskTotalBytes !== null) health.intField('disk_total_bytes', point.diskTotalBytes)
  if (point.wire !== undefined) {
    health.intField('wire_sent_bytes', point.wire.sentBytes).intField('wire_received_bytes', point.wire.receivedBytes)
  }
  if (point.clockOffsetMs !== null) health.intField('clock_offset_ms', point.clockOffsetMs)

  const outbox = ITEM_CLASSES.map((name) =>
    begin('outbox')
      .tag('class', name)
      .intField('items', point.queue[name].items)
      .intField('bytes', point.queue[name].bytes)
      .intField('sent_bytes', point.sentBytes[name]),
  )
  const answers = point.cameras.flatMap(({ camera, answerMs }) =>
    answerMs === null ? [] : [begin('camera_answer').tag('camera', camera).intField('answer_ms', answerMs)],
  )
  return [health, ...outbox, ...answers]
}
