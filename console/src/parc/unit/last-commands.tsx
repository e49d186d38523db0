import type { Command } from '../../api/schemas.ts'
import { momentInWords } from '../../look/wording.ts'
import { commandInWords, lifeInWords } from '../../veille/panel/command-words.ts'

const SHOWN = 8

/** What was asked of a unit last, and how far it came. Asking is done from the wall, beside its pictures. */
export function LastCommands({ commands, site, now }: { commands: readonly Command[]; site: string; now: number }) {
  return (
    <section aria-labelledby="demandes">
      <h2 id="demandes">Dernières demandes</h2>
      {commands.length === 0 && <p class="unit-note">Rien n’a encore été demandé à ce boîtier.</p>}
      <ol class="last-commands">
        {commands.slice(0, SHOWN).map((command) => (
          <li key={command.id}>
            <strong>{commandInWords(command.body)}</strong> {lifeInWords(command)}
            <span class="unit-line">
              {command.askedBy}, {momentInWords(Date.parse(command.askedAt), now)}
            </span>
          </li>
        ))}
      </ol>
      <a class="back-link" href={`/veille?site=${encodeURIComponent(site)}`}>
        Ses images et ses demandes, au mur
      </a>
    </section>
  )
}
