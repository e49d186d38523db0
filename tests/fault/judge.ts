import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** What the judge finds when all is quiet. Doubled, lost and torn must be empty. */
export type Verdict = {
  /** Ids that a unit said it keeps: from then on it may never lose them. */
  made: number
  stored: number
  /** Two rows of one picture, by its content: each picture of these cameras is drawn once. */
  doubled: string[]
  /** Made and nowhere: neither stored in the cloud nor waiting on the unit. */
  lost: string[]
  /** A row whose file is missing or is not the picture that was signed. */
  torn: string[]
  /** Still on the units. */
  waiting: number
  deadLetters: { reason: string; detail: string }[]
}

/** Judges a fleet's data folder. Its agents must have stopped, since they hold their outboxes for themselves. */
export function judge(dataFolder: string): Verdict {
  const made = framesMade(dataFolder)
  const waiting = new Set(idsInOutboxes(join(dataFolder, 'units')))
  const cloud = new Database(join(dataFolder, 'cloud', 'vigie.sqlite'), { readonly: true })
  const rows = cloud.prepare('SELECT id, sha256 FROM frame').all() as { id: string; sha256: string }[]
  const deadLetters = cloud.prepare('SELECT reason, detail FROM dead_letter').all() as Verdict['deadLetters']
  cloud.close()
  const stored = new Set(rows.map(({ id }) => id))
  const contents = new Map<string, string[]>()
  for (const { id, sha256 } of rows) contents.set(sha256, [...(contents.get(sha256) ?? []), id])
  return {
    made: made.size,
    stored: rows.length,
    doubled: [...contents.values()].filter((ids) => ids.length > 1).flat(),
    lost: [...made].filter((id) => !stored.has(id) && !waiting.has(id)),
    torn: rows.filter(({ sha256 }) => !isWhole(dataFolder, sha256)).map(({ id }) => id),
    waiting: waiting.size,
    deadLetters,
  }
}

/** The agents' own words, written after the frame was safe on their disk. */
export function framesMade(dataFolder: string): Set<string> {
  const logFolder = join(dataFolder, 'logs')
  const ids = new Set<string>()
  for (const name of readdirSync(logFolder).filter((file) => file.startsWith('agents-'))) {
    for (const line of readFileSync(join(logFolder, name), 'utf8').split('\n')) {
      if (!line.includes('"frame.captured"')) continue
      const id = /"id":"([0-9A-Z]{26})"/.exec(line)?.[1]
      if (id === undefined) throw new Error(`a line says frame.captured without an id: ${line}`)
      ids.add(id)
    }
  }
  return ids
}

function idsInOutboxes(unitsFolder: string): string[] {
  return readdirSync(unitsFolder).flatMap((unit) => {
    const file = join(unitsFolder, unit, 'outbox.sqlite')
    if (!existsSync(file)) return []
    const outbox = new Database(file, { readonly: true })
    const rows = outbox.prepare("SELECT id FROM item WHERE class = 'frame'").all() as { id: string }[]
    outbox.close()
    return rows.map(({ id }) => id)
  })
}

function isWhole(dataFolder: string, sha256: string): boolean {
  const file = join(dataFolder, 'cloud', 'frames', sha256.slice(0, 2), sha256.slice(2, 4), `${sha256}.jpg`)
  return existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256
}
