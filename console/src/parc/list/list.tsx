import { Glyph } from '../../look/glyph.tsx'
import { countInWords, NARROW } from '../../look/wording.ts'
import type { Asked } from '../address.ts'
import type { Fleet } from '../use-fleet.ts'
import { filterUnits } from './filter.ts'
import { inOrder } from './order.ts'
import { StandingCounts } from './standing-counts.tsx'
import { UnitTable } from './unit-table.tsx'

type Props = { fleet: Extract<Fleet, { reading: 'ready' }>; asked: Asked; onAsk: (change: Partial<Asked>) => void }

/** All units: how many are how, which ones to show, and each in a line. */
export function List({ fleet: { units, now, isOld }, asked, onAsk }: Props) {
  const shown = inOrder(filterUnits(units, asked, now), asked.order, now)
  return (
    <>
      <header class="parc-header">
        <h1>Parc</h1>
        <StandingCounts units={units} now={now} asked={asked.standing} onAsk={(standing) => onAsk({ standing })} />
        <search class="search">
          <Glyph name="search" />
          <input
            type="search"
            aria-label="Boîtier, lieu ou route"
            placeholder="Boîtier, lieu, route"
            value={asked.search}
            onInput={({ currentTarget }) => onAsk({ search: currentTarget.value })}
          />
        </search>
      </header>
      <p class="parc-note" role="status">
        {isOld
          ? `Le centre ne répond plus${NARROW}: cette liste n’est plus tenue à jour.`
          : countInWords(shown.length, 'boîtier', 'boîtiers', 'Aucun boîtier')}
      </p>
      {shown.length > 0 ? (
        <UnitTable units={shown} now={now} order={asked.order} onOrder={(order) => onAsk({ order })} onOpen={onAsk} />
      ) : (
        <Nothing isFleetEmpty={units.length === 0} onAll={() => onAsk({ search: '', standing: null })} />
      )}
    </>
  )
}

function Nothing({ isFleetEmpty, onAll }: { isFleetEmpty: boolean; onAll: () => void }) {
  return (
    <div class="page-state">
      <p class="page-state-title">{isFleetEmpty ? 'Le parc est vide' : 'Aucun boîtier ne répond à ce choix'}</p>
      {isFleetEmpty ? (
        <p>Un boîtier apparaît ici dès qu’un site est prévu pour lui, ou dès qu’il se présente.</p>
      ) : (
        <button type="button" class="way-out" onClick={onAll}>
          Voir tous les boîtiers
        </button>
      )}
    </div>
  )
}
