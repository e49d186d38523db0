import type { ServerResponse } from 'node:http'
import { STAFF } from './security.ts'

/** Tells every page that listens how the gates are, each time that something changed. */
export type StateStream = {
  hasRoom(): boolean
  /** The first state is sent at once. @param isBelieved asked now and then: a stream ends with the pass of its device */
  add(response: ServerResponse, isBelieved: () => Promise<boolean>): void
  /** Something changed. */
  ring(): void
  hangUp(): void
}

/** A museum has half a dozen phones and tablets. Beyond: 503. */
const LISTENERS_MAX = 32
/** On a rush several things change in one blink; the eye needs one picture of them. */
const AT_MOST_EVERY_MS = 100
/** A phone that went out of range is noticed by the socket; a state is some 12 kB. Beyond: cut, it comes back. */
const UNREAD_MAX_BYTES = 256 * 1024
/** Address translations and proxies forget a silent connection after a minute. */
const HEARTBEAT_MS = 20_000

type StreamDeps = { read: () => unknown; onBug: (error: unknown) => void; heartbeatMs?: number }

export function createStateStream({ read, onBug, heartbeatMs = HEARTBEAT_MS }: StreamDeps): StateStream {
  const listeners = new Map<ServerResponse, () => Promise<boolean>>()
  let due: NodeJS.Timeout | null = null
  const heartbeat = setInterval(() => {
    tell(': still here\n\n')
    endThoseWithoutPass().catch(onBug)
  }, heartbeatMs)
  heartbeat.unref()

  function tell(block: string): void {
    for (const response of listeners.keys()) {
      if (response.writableLength > UNREAD_MAX_BYTES) response.destroy()
      else response.write(block)
    }
  }
  async function endThoseWithoutPass(): Promise<void> {
    for (const [response, isBelieved] of listeners) if (!(await isBelieved())) response.end()
  }
  const stateBlock = () => `event: state\ndata: ${JSON.stringify(read())}\n\n`
  function tellState(): void {
    due = null
    try {
      if (listeners.size > 0) tell(stateBlock())
    } catch (error) {
      onBug(error)
    }
  }

  return {
    hasRoom: () => listeners.size < LISTENERS_MAX,
    add(response, isBelieved) {
      // The stream ends with its connection: kept for another request, it would keep a stopping server waiting.
      response.writeHead(200, { ...STAFF, 'content-type': 'text/event-stream', connection: 'close' })
      listeners.set(response, isBelieved)
      response.once('close', () => listeners.delete(response))
      response.write(stateBlock())
    },
    ring() {
      due ??= setTimeout(tellState, AT_MOST_EVERY_MS)
    },
    hangUp() {
      clearInterval(heartbeat)
      if (due !== null) clearTimeout(due)
      for (const response of listeners.keys()) response.end()
    },
  }
}
