import { Agent, type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'

export type StreamEvent = { id?: string; event?: string; data?: string; retry?: string; comment?: string }

export type EventStream = {
  status: number
  headers: IncomingHttpHeaders
  /** The next block of the stream that is no heartbeat; undefined when it has ended. */
  next(): Promise<StreamEvent | undefined>
  /** The next block, whatever it is. */
  nextBlock(): Promise<StreamEvent | undefined>
  close(): void
}

/** Listens as a browser's EventSource does, over a real socket. */
export async function openEventStream(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  let request: ClientRequest | undefined
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { headers, agent: new Agent({ keepAlive: true }) }, resolve).on('error', reject)
  })
  const blocks = readBlocks(response)
  const nextBlock = async () => (await blocks.next()).value ?? undefined
  const next = async (): Promise<StreamEvent | undefined> => {
    const block = await nextBlock()
    return block?.comment === undefined ? block : next()
  }
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    next,
    nextBlock,
    close: () => request?.destroy(),
  }
}

async function* readBlocks(response: IncomingMessage): AsyncGenerator<StreamEvent, undefined> {
  let text = ''
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) yield parse(block)
    }
  } catch {
    // Cut, by us or by the server: the stream has ended.
  }
  return undefined
}

function parse(block: string): StreamEvent {
  const event: Record<string, string> = {}
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    event[name === '' ? 'comment' : name] = line.slice(colon + 1).trimStart()
  }
  return event
}
