import type { ResultOf } from '@vigie/contract/command-result'
import { RESULT_MAX_BYTES } from '@vigie/contract/command-result'
import type { Logger } from 'pino'

/** What of a logger the agent's log uses. */
export type LineLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** The newest lines of the log, kept for whoever asks for them from afar. */
export type LogTail = {
  /** Writes through to the log, and keeps what was written. */
  log: LineLog
  read(): ResultOf<'logs'>
}

/** As many as a result may have; a quiet unit writes so many in an hour. */
const LINES_KEPT = 200
const LINE_MAX_CHARACTERS = 400
/** What stands around the lines, and quotes and escapes within them. */
const LINES_MAX_BYTES = RESULT_MAX_BYTES - 512

/**
 * What may be read from afar: names, codes, counts, times. Anything else is left out by name, so that a field which somebody
 * adds later is not told before somebody has thought about it.
 */
const TOLD = new Set([
  ...[
    'camera',
    'preset',
    'id',
    'at',
    'clock',
    'fault',
    'reason',
    'class',
    'outcome',
    'step',
    'command',
    'plan',
    'change',
  ],
  ...['answerMs', 'processMs', 'bytes', 'dropped', 'missing', 'skipped', 'retryInMs', 'offsetMs', 'intervalS', 'boots'],
  ...['session', 'isResumed', 'software', 'salvaged', 'adopted', 'kept', 'detail', 'version', 'document'],
])
/** Also where no secret should stand: a login in an address, a key, a token, anything long and without a space. */
const SECRETS = [
  /\/\/[^/\s@]*@/g,
  /-----BEGIN[\s\S]*/g,
  /(?:password|passwd|secret|token|authorization)\S*.*/gi,
  /\S{60,}/g,
]

/** @param now wall time of the process, as the log itself writes it */
export function createLogTail(log: LineLog, now: () => number): LogTail {
  const lines: string[] = []
  const keep = (level: string, given: unknown[]) => {
    const [first, second] = given
    const event = typeof first === 'string' ? first : second
    const fields = typeof first === 'object' && first !== null ? tellable(first) : ''
    lines.push(`${new Date(now()).toISOString()} ${level} ${String(event)}${fields}`.slice(0, LINE_MAX_CHARACTERS))
    if (lines.length > LINES_KEPT) lines.shift()
  }
  const through = (level: keyof LineLog) =>
    ((...given: [object, string]) => {
      if (level !== 'debug') keep(level, given)
      log[level](...given)
    }) as LineLog[typeof level] // its overloads are all of this form

  return {
    log: { debug: through('debug'), info: through('info'), warn: through('warn'), error: through('error') },
    read() {
      const told: string[] = []
      let bytes = 0
      for (const line of lines.toReversed()) {
        bytes += Buffer.byteLength(JSON.stringify(line)) + 1
        if (bytes > LINES_MAX_BYTES) break
        told.unshift(line)
      }
      return { of: 'logs', lines: told, leftOut: lines.length - told.length }
    },
  }
}

function tellable(fields: object): string {
  return Object.entries(fields)
    .filter(([name, value]) => TOLD.has(name) && ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => ` ${name}=${SECRETS.reduce((text, secret) => text.replace(secret, '…'), String(value))}`)
    .join('')
}
