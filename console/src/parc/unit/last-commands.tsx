import type { Command } from '../../api/schemas.ts'
import { momentInWords } from '../../look/wording.ts'
import { commandInWords, lifeInWords } from '../../veille/panel/command-words.ts'

const SHOWN = 8

type Props = { commands: readonly Command[]; site: string; isAtMuseum: boolean; now: number }

/** What was asked of a unit last, and how far it came. Asking is done from the wall, beside its pictures; of a lane, from its gateway. */
export function LastCommands({ commands, site, isAtMuseum, now }: Props) {
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
      {isAtMuseum ? (
        <a class="back-link" href={`/guichet?musee=${encodeURIComponent(site)}&ecran=journee`}>
          La journée du musée, au guichet
        </a>
      ) : (
        <a class="back-link" href={`/veille?site=${encodeURIComponent(site)}`}>
          Ses images et ses demandes, au mur
        </a>
      )}
    </section>
  )
}
