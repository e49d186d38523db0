import { useState } from 'preact/hooks'
import type { TicketFound } from '../../api/museum.ts'
import { countInWords, HARD, momentInWords, NARROW } from '../../look/wording.ts'
import { ReasonSheet } from '../../staff/reason-sheet.tsx'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'
import { FoundEntry } from './found-entry.tsx'
import { daysInWords, standingOf } from './ticket-words.ts'

const REASONS = {
  blocked: ['Perdu ou volé', 'Copie soupçonnée', 'À voir avec l’accueil'],
  valid: ['Retrouvé', 'Vérifié'],
}

type Props = {
  found: TicketFound
  gate: Gate
  placeOf: (lane: string | null) => string
  onChanged: () => void
}

/** What the museum knows of one ticket: no name, but its number, its type, its days, and what was done with it. */
export function TicketCard({ found, gate, placeOf, onChanged }: Props) {
  const [wish, setWish] = useState<'blocked' | 'valid' | null>(null)
  const now = gate.now()
  const standing = standingOf(found, now)
  const days = daysInWords(found, now)
  return (
    <li class="ticket" data-status={standing.look}>
      <h2>Billet {nameOf(found)}</h2>
      <FoundEntry {...{ found, gate, placeOf, onChanged }}>
        <p class="ticket-status">{standing.word}</p>
        {found.typeWords !== null && <p>{found.typeWords}</p>}
        {days !== null && <p>{days}</p>}
        {found.seller !== null && <p class="hint">Vendu par {found.seller}</p>}
        {found.entries.length + found.elsewhere.length === 0 ? (
          <p>Pas encore entré.</p>
        ) : (
          <ul>
            {found.elsewhere.map(({ at, museum, persons }) => (
              <li key={`${museum} ${at}`}>
                Entré {momentInWords(Date.parse(at), now)}, à l’autre musée, {museum}
                {persons > 1 && `, ${countInWords(persons, 'personne', 'personnes')}`}
              </li>
            ))}
            {found.entries.map(({ at, lane, persons, isBeyond }) => (
              <li key={at}>
                Entré {momentInWords(Date.parse(at), now)}, {placeOf(lane)}
                {persons > 1 && `, ${countInWords(persons, 'personne', 'personnes')}`}
                {isBeyond && <strong> – en trop</strong>}
              </li>
            ))}
          </ul>
        )}
        {found.inside > 0 && (
          <p>
            À l’intérieur{NARROW}: {countInWords(found.inside, 'personne', 'personnes')}.
          </p>
        )}
      </FoundEntry>
      {found.status === 'valid' && (
        <button type="button" onClick={() => setWish('blocked')}>
          Bloquer ce billet
        </button>
      )}
      {found.status === 'blocked' && (
        <button type="button" onClick={() => setWish('valid')}>
          Débloquer ce billet
        </button>
      )}
      {wish !== null && (
        <ReasonSheet
          title={wish === 'blocked' ? 'Bloquer ce billet' : 'Débloquer ce billet'}
          reasons={REASONS[wish]}
          action={wish === 'blocked' ? 'Bloquer' : 'Débloquer'}
          onSend={async (reason) => {
            await gate.api.setStatus(found.ticket, wish, reason)
            onChanged()
          }}
          inWords={refusalInFrench}
          onClose={() => setWish(null)}
        />
      )}
    </li>
  )
}

const nameOf = ({ number, serial, ticket }: TicketFound) =>
  number ?? (serial === null ? ticket.slice(0, 8) : `n°${HARD}${serial}`)
