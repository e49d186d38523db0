import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../probe/login.ts'
import type { Terminal } from '../probe/terminal.ts'
import { type LyingOutbox, readLyingOutbox } from './read-outbox.ts'
import { type PostItems, type RescueTally, rescueOutbox } from './rescue-outbox.ts'

type Deps = { terminal: Pick<Terminal, 'print'>; post: PostItems; now: () => number }

/** Why the cloud does not take an item; its own words for dead letters. */
const REASONS: Record<string, string> = {
  'key-unknown': 'signé par une clé que le centre ne connaît pas',
  'mask-not-approved': 'sous des masques qui ne sont plus approuvés',
  'signature-wrong': 'signature fausse',
  'not-readable': 'illisible',
  'unit-not-at-site': "d'un autre boîtier ou d'un autre site",
  'right-missing': 'une entrée qui ne dit pas à quel titre',
}

/**
 * `vigie outbox rescue`: sends what lies in the outbox of a data folder to the cloud, and says what became of it. The
 * folder is only read. @returns the exit code
 * @throws UsageError
 */
export async function runRescue(folder: string, { terminal, post, now }: Deps, signal: AbortSignal): Promise<number> {
  if (!['outbox.sqlite', 'ledger.sqlite', 'frames'].some((name) => existsSync(join(folder, name)))) {
    throw new UsageError(
      `${folder} n'est pas le dossier de données d'un boîtier : il n'a ni outbox.sqlite, ni ledger.sqlite, ni frames.`,
    )
  }
  const work = mkdtempSync(join(tmpdir(), 'vigie-rescue-'))
  try {
    return await sendFrom(readLyingOutbox(folder, work, now), { terminal, post }, signal)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function sendFrom(
  outbox: LyingOutbox,
  { terminal, post }: Omit<Deps, 'now'>,
  signal: AbortSignal,
): Promise<number> {
  try {
    if (outbox.salvaged !== null) {
      terminal.print(`La base est abîmée : ${outbox.salvaged} enregistrements ont pu y être relus.`)
    }
    if (outbox.isLedgerUnnamed) {
      terminal.print('Le registre du passage reste sur le disque : aucun certificat ne dit de quel boîtier il est.')
    }
    terminal.print(`${outbox.items} éléments à sauver.`)
    const onBatch = (done: number) => terminal.print(`  ${done} sur ${outbox.items}`)
    const tally = await rescueOutbox(outbox, { post, onBatch }, signal)
    for (const line of linesOf(tally)) terminal.print(line)
    return tally.refused === 0 ? 0 : 2
  } catch (error) {
    if (!(error instanceof Error) || signal.aborted || error instanceof TypeError) throw error
    terminal.print(`${error.message} Relancez la même commande : ce qui est arrivé n'est pas envoyé en double.`)
    return 1
  } finally {
    outbox.close()
  }
}

function linesOf({ stored, expired, refused, reasons, 'passed-over': passedOver }: RescueTally): string[] {
  const why = Object.entries(reasons).map(([code, count]) => `  ${count} : ${REASONS[code] ?? code}`)
  return [
    `Au centre : ${stored}.`,
    ...(expired > 0 ? [`Trop anciens pour être gardés : ${expired}.`] : []),
    ...(passedOver > 0 ? [`Sans intérêt sans le boîtier : ${passedOver}.`] : []),
    ...(refused > 0 ? [`Refusés : ${refused}.`, ...why] : []),
  ]
}
