import { startSocat, terminal } from './pseudo-terminal.ts'

/** How a reader is set: what it puts before and after a code. */
export type ReaderManner = { before?: string; after: string }

/**
 * A reader of tickets at the far end of a pseudo-terminal: what it reads it writes, as bytes. See README.md for what it
 * lies about.
 */
export async function plugInReader(port: string, manner: ReaderManner = { after: '\r' }) {
  const socat = await startSocat([terminal(port), 'stdio'], 'pipe')
  const { stdin, stdout } = socat.process
  let heard = Buffer.alloc(0)
  stdout?.on('data', (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes])
  })
  const say = (bytes: Uint8Array | string) =>
    void stdin?.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  return {
    port,
    /** Somebody holds a code in front of it. */
    show: (code: string) => say(`${manner.before ?? ''}${code}${manner.after}`),
    /** Bytes as they are. */
    say,
    /** How many bytes of what it says have reached the line. */
    said: () => [...socat.log().matchAll(/^< .*length=(\d+)/gm)].reduce((sum, [, length]) => sum + Number(length), 0),
    /** What it was told, in hexadecimal. */
    heard: () => heard.toString('hex').toUpperCase(),
    unplug: socat.stop,
  }
}
