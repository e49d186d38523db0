import { useState } from 'preact/hooks'
import { ReasonSheet } from '../../staff/reason-sheet.tsx'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'

/** Somebody walked through the rooms and counted. */
export function InsideCorrection({ gate }: { gate: Gate }) {
  const [isOpen, setOpen] = useState(false)
  const [counted, setCounted] = useState('')
  const inside = gate.state.value?.inside
  return (
    <section class="screen-only">
      <h2>Jauge</h2>
      <p>
        {inside === undefined ? 'La jauge n’est pas connue.' : `${inside.persons} à l’intérieur`}
        {inside?.isEstimate === true && ' – estimation, toutes les sorties ne sont pas comptées'}
        {inside !== undefined && inside.refuseAt !== null && `, ${inside.refuseAt} au plus`}
      </p>
      <button type="button" disabled={gate.link.value !== 'up'} onClick={() => setOpen(true)}>
        Corriger le nombre à l’intérieur
      </button>
      {isOpen && (
        <ReasonSheet
          title="Combien sont à l’intérieur"
          reasons={['Compté dans les salles', 'Sortie non comptée', 'Évacuation']}
          action="Corriger"
          onSend={async (reason) => {
            await gate.api.correctInside(Number(counted), reason)
          }}
          inWords={refusalInFrench}
          onClose={() => setOpen(false)}
        >
          <label for="compte">Personnes comptées</label>
          <input
            id="compte"
            inputMode="numeric"
            pattern="[0-9]{1,5}"
            required
            value={counted}
            onInput={({ currentTarget }) => setCounted(currentTarget.value)}
          />
        </ReasonSheet>
      )}
    </section>
  )
}
