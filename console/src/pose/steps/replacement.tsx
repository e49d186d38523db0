import { useState } from 'preact/hooks'
import type { PlannedSite } from '../../api/schemas.ts'
import { inPrint, NARROW } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import type { Pole } from '../pole.ts'

const REASONS = {
  broken: 'Il est en panne',
  stolen: 'Il a été volé',
  lost: 'Il a disparu',
  upgraded: 'On le remplace par un plus récent',
} as const

type Props = {
  pole: Pole
  site: PlannedSite
  unit: string | null
  onBack: () => void
  onReplaced: (reason: string) => void
}

/** A site has a box already: says what happens to it, and asks why. A stolen one is out at once. */
export function Replacement({ pole, site, unit, onBack, onReplaced }: Props) {
  const [reason, setReason] = useState<keyof typeof REASONS>('broken')
  const [problem, setProblem] = useState<string | null>(null)
  const isAtOnce = reason === 'stolen' || reason === 'lost'
  async function replace() {
    try {
      const oldUnitEnds = isAtOnce ? 'at-once' : 'when-new-runs'
      await pole.cloud.replace(
        site.site,
        { reason: REASONS[reason], oldUnitEnds, ...(unit !== null && { unit }) },
        new AbortController().signal,
      )
      onReplaced(reason)
    } catch (error) {
      setProblem(refusalInWords(error))
    }
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void replace()
      }}
    >
      <p class="notice" data-kind="care">
        <strong>{inPrint(site.name)} a déjà un boîtier</strong>
        {NARROW}: {site.unit}. Le site garde son nom, son historique, ses masques et ses réglages. L’ancien boîtier sera
        exclu du réseau {isAtOnce ? 'tout de suite' : 'dès que le nouveau marche'}.
      </p>
      <label>
        Pourquoi le remplacer
        <select value={reason} onChange={(event) => setReason(event.currentTarget.value as keyof typeof REASONS)}>
          {Object.entries(REASONS).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {problem !== null && (
        <p class="notice" data-kind="refused" role="alert">
          {problem}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="primary">
          Remplacer par {unit}
        </button>
        <button type="button" onClick={onBack}>
          Choisir un autre site
        </button>
      </div>
    </form>
  )
}
