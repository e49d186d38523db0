import type { Detail } from '@vigie/contract/gate/outcome'
import { answerIn } from '@vigie/contract/gate/words'
import type { DecisionRow } from '../../api/museum.ts'
import { countInWords, momentInWords, NARROW } from '../../look/wording.ts'
import { Sign } from '../scan/sign.tsx'

type Props = { row: DecisionRow; now: number; placeOf: (lane: string | null) => string }

/** A decision of the ledger, with its reason. */
export function DecisionLine({ row, now, placeOf }: Props) {
  const { outcome, direction, persons, at, lane, forced, reason, isUndone, isOfPhoneAlone, ticket } = row
  const detail = row.detail as Detail | null // the API tells it in the contract's own words
  const answer = answerIn('fr', { outcome, detail, fix: null, attention: [] })
  const word = outcome !== 'ok' ? answer.word : direction === 'in' ? 'Entrée' : 'Sortie'
  const facts = [
    persons > 1 ? countInWords(persons, 'personne', 'personnes') : null,
    answer.sentence === '' ? null : answer.sentence.charAt(0).toLowerCase() + answer.sentence.slice(1),
    forced === null ? null : `dérogation${NARROW}: ${forced.reason}`,
    reason === null ? null : `ouvert à la main${NARROW}: ${reason}`,
    isUndone ? 'annulée' : null,
    isOfPhoneAlone ? 'décidé par un téléphone seul' : null,
    row.clock === 'unknown' ? 'heure non vérifiée' : null,
  ].filter((fact) => fact !== null)
  return (
    <li class="decision" data-look={answer.look} data-way={direction} data-undone={isUndone}>
      <Sign pictogram={answer.pictogram} />
      <span class="decision-main">
        <strong>{word}</strong>
        {facts.length > 0 && <span class="hint">{facts.join(', ')}</span>}
      </span>
      <span class="decision-where">
        <time dateTime={at}>{momentInWords(Date.parse(at), now)}</time>
        <span class="hint">{placeOf(lane)}</span>
        {ticket !== null && <code>{ticket.slice(0, 8)}</code>}
      </span>
    </li>
  )
}
