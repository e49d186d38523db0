import { useState } from 'preact/hooks'
import type { ReplacementWish } from '../../api/fleet.ts'
import type { PlannedSite } from '../../api/schemas.ts'
import { inPrint, NARROW } from '../../look/wording.ts'
import { REPLACEMENT_REASONS } from '../../office/replacement-reasons.ts'

type Props = {
  site: PlannedSite
  unit: string | null
  onBack: () => void
  onReplace: (wish: ReplacementWish) => Promise<void>
}

/** A site has a box already: says what happens to it, and asks why. A stolen one is out at once. */
export function Replacement({ site, unit, onBack, onReplace }: Props) {
  const [chosen, setChosen] = useState(0)
  const wish = REPLACEMENT_REASONS[chosen] ?? REPLACEMENT_REASONS[0]
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void onReplace(wish)
      }}
    >
      <p class="notice" data-kind="care">
        <strong>{inPrint(site.name)} a déjà un boîtier</strong>
        {NARROW}: {site.unit}. Le site garde son nom, son historique, ses masques et ses réglages. L’ancien boîtier sera
        exclu du réseau {wish.oldUnitEnds === 'at-once' ? 'tout de suite' : 'dès que le nouveau marche'}.
      </p>
      <label>
        Pourquoi le remplacer
        <select value={String(chosen)} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          {REPLACEMENT_REASONS.map(({ reason }, index) => (
            <option key={reason} value={String(index)}>
              {reason}
            </option>
          ))}
        </select>
      </label>
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
