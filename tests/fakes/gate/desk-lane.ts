import type { LaneDevices } from '@vigie/edge-agent/lane/lane-work'
import type { SerialLine } from '@vigie/edge-agent/lane/serial-line'

/** Contacts as `trialLane` wires them, closed at rest. */
const PASS = { in: 0, out: 1 } as const
const READY = 2
/** So that a contact is seen: it is polled, and a pulse has an end. */
const SEEN_AFTER_POLLS = 3
/** The time in the arm: a contact that moves sooner after the last person has bounced. */
const THROUGH_AFTER_POLLS = 10

/**
 * Board, tripod and reader of one lane in this process, without a wire between them. What it lies about, besides what
 * README.md says: nothing is ever lost or late, and a code is read in one piece.
 */
export function createDeskLane() {
  const inputs = [true, true, true, true, true, false, false, false]
  const released: { coil: number; atMs: number }[] = []
  const readers = new Map<string, (bytes: Uint8Array) => void>()
  let polls = 0
  let onPoll: (() => void) | null = null
  let onReleased: (() => void) | null = null

  const devices: LaneDevices = {
    openBoard: async () => ({
      readInputs: async () => {
        polls += 1
        onPoll?.()
        return [...inputs]
      },
      async pulse(coil) {
        released.push({ coil, atMs: performance.now() })
        onReleased?.()
      },
      ...{ set: async () => undefined, close: async () => undefined },
    }),
    openLine(path, _settings, onBytes) {
      readers.set(path, onBytes)
      let close: () => void = () => undefined
      const closed = new Promise<void>((resolve) => {
        close = resolve
      })
      const line: SerialLine = {
        ...{ write: () => undefined, closed },
        async close() {
          readers.delete(path)
          close()
        },
      }
      return Promise.resolve(line)
    },
    ...{ listPorts: async () => [], portBehind: (path: string) => path },
  }

  const polled = (count: number) =>
    new Promise<void>((resolve) => {
      const until = polls + count
      onPoll = () => {
        if (polls >= until) resolve()
      }
    })

  return {
    devices,
    released,
    inputs,
    isRead: () => readers.size > 0,
    /** Somebody holds a code in front of the reader. */
    show: (code: string, path = '/dev/ttyUSB0') => readers.get(path)?.(Buffer.from(`${code}\r`, 'latin1')),
    /** Resolves when the arm has been freed so often. */
    freed: (times: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (released.length >= times) resolve()
        }
        onReleased = look
        look()
      }),
    /** Somebody goes through the arm. */
    async walk(direction: 'in' | 'out' = 'in'): Promise<void> {
      inputs[READY] = false
      await polled(THROUGH_AFTER_POLLS)
      inputs[PASS[direction]] = false
      await polled(SEEN_AFTER_POLLS)
      inputs[PASS[direction]] = true
      inputs[READY] = true
      await polled(SEEN_AFTER_POLLS)
    },
  }
}
export type DeskLane = ReturnType<typeof createDeskLane>
