import type { AuditLine } from '../../api/audit.ts'
import type { CommandBody } from '../../api/schemas.ts'
import { commandInWords } from '../../veille/panel/command-words.ts'
import { methodInWords } from '../account/session-words.ts'

type Row = Pick<AuditLine, 'action' | 'who' | 'what' | 'after'>

/** A ULID, a name of sixteen hexadecimal digits, a serial number: it finds a row again, and tells a reader nothing. */
const BARE_ID = /^(?:[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{16,})$/i

export const isBareId = (text: string): boolean => BARE_ID.test(text)

/** To what or whom it was done, as a person would name it; empty where the action says it all. */
export function subjectInWords({ action, who, what, after }: Row): string {
  const { body, unit, method } = (after ?? {}) as { body?: CommandBody; unit?: unknown; method?: unknown } // as entered
  const box = typeof unit === 'string' ? unit : ''
  if (action.startsWith('command.') && body !== undefined)
    return [commandWithPlace(body), box].filter(Boolean).join(', ')
  if (action === 'session.begun') return typeof method === 'string' ? `par ${methodInWords(method)}` : ''
  if (action === 'session.ended' && what === 'all others') return ''
  if (isBareId(what)) return box
  return what === who ? '' : what
}

/** A command with the camera or the lane that it is for. */
export function commandWithPlace(body: CommandBody): string {
  const place = 'camera' in body ? body.camera : 'lane' in body ? body.lane : undefined
  return [commandInWords(body), place].filter(Boolean).join(', ')
}
