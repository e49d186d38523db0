import type { Reading } from '../../api/schemas.ts'
import { NOW } from '../wall.fixture.ts'

export const STEP_S = 60

const nothing = { items: null, bytes: null }
export const UNSENT = { ticket: null, alarm: null, state: null, telemetry: null, frame: null }

/** A reading so many minutes after NOW, of a box that measures little. */
export const readingAt = (minute: number, over: Partial<Reading> = {}): Reading => ({
  at: new Date(NOW + minute * STEP_S * 1000).toISOString(),
  temperatureC: 40,
  diskFreeBytes: null,
  diskTotalBytes: null,
  memoryBytes: 96_000_000,
  memoryFreeBytes: null,
  clockOffsetMs: null,
  answerMs: {},
  queue: { ticket: nothing, alarm: nothing, state: nothing, telemetry: nothing, frame: nothing },
  sentBytes: UNSENT,
  wire: { sentBytes: null, receivedBytes: null },
  ...over,
})
