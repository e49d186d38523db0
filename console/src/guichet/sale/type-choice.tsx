import type { SoldType } from '../../api/tickets.ts'
import { countInWords, inPrint } from '../../look/wording.ts'
import { priceInWords } from '../money.ts'

type Props = { types: readonly SoldType[]; chosen: SoldType | null; onChoose: (type: SoldType) => void }

/** What is sold, each with its price: one touch. */
export function TypeChoice({ types, chosen, onChoose }: Props) {
  return (
    <ul class="types" aria-label="Tarifs">
      {types.map((type) => (
        <li key={type.number}>
          <button type="button" aria-pressed={chosen?.number === type.number} onClick={() => onChoose(type)}>
            <span>{inPrint(type.name.fr)}</span>
            <strong>{priceInWords(type.priceCents)}</strong>
            <span class="choice-more">{whatFor(type)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function whatFor({ persons, days, entries, perDay, needsSlot }: SoldType): string {
  const often = entries > 1 ? countInWords(entries, 'entrée', 'entrées') : perDay && days > 1 ? 'une entrée' : null
  const facts = [
    persons > 1 ? countInWords(persons, 'personne', 'personnes') : null,
    days > 1 ? countInWords(days, 'jour', 'jours') : null,
    entries === 0 ? 'entrées illimitées' : often === null || !perDay ? often : `${often} par jour`,
    needsSlot ? 'à heure fixe' : null,
  ]
  return facts.filter((fact) => fact !== null).join(', ')
}
