import { type CommandName, decodeCommand, decodeCommandId } from '@vigie/contract/command'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Word } from '../command/take-commands.ts'
import { createWords, type Words } from '../command/words.ts'
import type { Stamp } from '../stamp.ts'

/** What the staff asks of the lanes on the LAN, and the words on it, which go back the same way. */
export type CommandsHere = {
  take(payload: Uint8Array): void
  firstWord: Words['first']
  wordSent: Words['sent']
  /** True: the command came on the LAN, and the word goes there. */
  say(command: ItemId, word: Word, onSent: () => void): boolean
}

/** The museum gateway speaks for people at the lanes; the rest of the box is the cloud's business. */
const FOR_LANES: ReadonlySet<CommandName> = new Set(['open-lane', 'free-rotation', 'out-of-service'])
/** Of a day with much to do; beyond, the word on an old one goes to the cloud, which does not know it. */
const REMEMBERED = 256

export function createCommandsHere(
  who: { site: SiteId; unit: UnitId },
  deps: { stamp: Stamp; announce(): void; take(payload: Uint8Array): void },
): CommandsHere {
  const words = createWords(who, deps.stamp, deps.announce)
  const here = new Set<ItemId>()
  return {
    take(payload) {
      const named = decodeCommandId(payload)
      if (!named.ok) return
      const { id } = named.value
      here.add(id)
      const [oldest] = here
      if (here.size > REMEMBERED && oldest !== undefined) here.delete(oldest)
      const command = decodeCommand(payload)
      const isForLanes = !command.ok || FOR_LANES.has(command.value.body.name)
      if (isForLanes) deps.take(payload)
      else words.say(id, { step: 'refused', reason: 'not-for-the-lan' }, () => undefined)
    },
    firstWord: words.first,
    wordSent: words.sent,
    say(command, word, onSent) {
      if (!here.has(command)) return false
      words.say(command, word, onSent)
      return true
    },
  }
}
