import { useState } from 'preact/hooks'
import type { Conflict } from '../../api/museum.ts'
import { countInWords, HARD, momentInWords, NARROW, numberInWords } from '../../look/wording.ts'
import { ReasonSheet } from '../../staff/reason-sheet.tsx'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'

type Admission = Conflict['stands'][number]
type Props = { conflict: Conflict; gate: Gate; placeOf: (lane: string | null) => string; onSeen: () => void }

/** A ticket that let in too many at gates that did not know of one another: where, when, and how sure of it. */
export function ConflictCard({ conflict, gate, placeOf, onSeen }: Props) {
  const [isNoting, setNoting] = useState(false)
  const { ticket, persons, stands, beyond, acknowledged } = conflict
  const line = (one: Admission, word: string) => (
    <li key={one.row}>
      <strong>{word}</strong> {placeOf(one.lane)}, {momentInWords(Date.parse(one.at), gate.now())}
      <span class="hint">{doubtOf(one)}</span>
    </li>
  )
  return (
    <li class="conflict" data-seen={acknowledged !== null}>
      <h3>
        Billet {ticket.slice(0, 8)}
        {NARROW}: {countInWords(persons, 'personne', 'personnes')} en trop
      </h3>
      <ul>
        {stands.map((one) => line(one, 'Compte'))}
        {beyond.map((one) => line(one, 'En trop'))}
      </ul>
      {acknowledged === null ? (
        <button type="button" onClick={() => setNoting(true)}>
          J’ai regardé
        </button>
      ) : (
        <p class="hint">
          Vu {momentInWords(Date.parse(acknowledged.at), gate.now())}
          {acknowledged.note !== null && `, ${acknowledged.note}`}
        </p>
      )}
      {isNoting && (
        <ReasonSheet
          title="Conflit regardé"
          reasons={['Personne de bonne foi', 'Copie du billet', 'Éclairci au guichet']}
          action="Classer"
          onSend={async (note) => {
            await gate.api.acknowledge(conflict.id, note)
            onSeen()
          }}
          inWords={refusalInFrench}
          onClose={() => setNoting(false)}
        />
      )}
    </li>
  )
}

/** How sure its time is, and how old what the gate knew was. */
function doubtOf({ clock, clockErrorMs, listAge, isOfPhoneAlone }: Admission): string {
  const parts = [
    clock === 'unknown' ? 'heure inconnue' : null,
    clockErrorMs === null ? null : `heure à ${numberInWords(Math.ceil(clockErrorMs / 1000))}${HARD}s près`,
    listAge.seconds === null ? null : `liste vieille de ${numberInWords(Math.round(listAge.seconds / 60))}${HARD}min`,
    isOfPhoneAlone ? 'téléphone seul' : null,
  ]
  return parts.filter((part) => part !== null).join(', ')
}
