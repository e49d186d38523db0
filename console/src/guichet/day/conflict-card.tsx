import { useState } from 'preact/hooks'
import type { GateConflict, TicketsApi } from '../../api/tickets.ts'
import { countInWords, HARD, momentInWords, NARROW, numberInWords } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import { ReasonSheet } from '../../staff/reason-sheet.tsx'

type Admission = GateConflict['stands'][number]
type Props = { api: TicketsApi; site: string; conflict: GateConflict; onSeen: () => void }

/** A ticket that let in too many, with where, when, and how sure of it. */
export function ConflictCard({ api, site, conflict, onSeen }: Props) {
  const [isNoting, setNoting] = useState(false)
  const { ticket, number, persons, stands, beyond, acknowledgedAt, acknowledgedBy, note } = conflict
  const now = Date.now()
  const line = (one: Admission, word: string) => (
    <li key={`${word} ${one.at} ${one.place}`}>
      <strong>{word}</strong> {one.place}, {momentInWords(Date.parse(one.at), now)}
      <span class="hint">{doubtOf(one)}</span>
    </li>
  )
  return (
    <li class="conflict" data-seen={acknowledgedAt !== null}>
      <h3>
        Billet {number ?? ticket.slice(0, 8)}
        {NARROW}: {countInWords(persons, 'personne', 'personnes')} en trop
      </h3>
      <ul>
        {stands.map((one) => line(one, 'Compte'))}
        {beyond.map((one) => line(one, 'En trop'))}
      </ul>
      {acknowledgedAt === null ? (
        <button type="button" onClick={() => setNoting(true)}>
          J’ai regardé
        </button>
      ) : (
        <p class="hint">
          Vu par {acknowledgedBy} {momentInWords(Date.parse(acknowledgedAt), now)}
          {note !== null && note !== '' && `, ${note}`}
        </p>
      )}
      {isNoting && (
        <ReasonSheet
          title="Conflit regardé"
          reasons={['Personne de bonne foi', 'Copie du billet', 'Éclairci au guichet']}
          action="Classer"
          onSend={async (said) => {
            await api.acknowledge(site, ticket, said)
            onSeen()
          }}
          inWords={refusalInWords}
          onClose={() => setNoting(false)}
        />
      )}
    </li>
  )
}

function doubtOf({ clock, clockErrorMs, listAgeS, onPhone }: Admission): string {
  const parts = [
    clock === 'unknown' ? 'heure inconnue' : null,
    clockErrorMs === null ? null : `heure à ${numberInWords(Math.ceil(clockErrorMs / 1000))}${HARD}s près`,
    listAgeS === null ? null : `liste vieille de ${numberInWords(Math.round(listAgeS / 60))}${HARD}min`,
    onPhone ? 'téléphone seul' : null,
  ]
  return parts.filter((part) => part !== null).join(', ')
}
