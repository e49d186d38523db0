import type { FleetUnit } from '../../api/schemas.ts'
import { Glyph } from '../../look/glyph.tsx'
import { numberInWords } from '../../look/wording.ts'
import { STANDINGS, type Standing, standingOf } from '../standing.ts'
import { STANDING_WORDS } from '../words.ts'

type Props = {
  units: readonly FleetUnit[]
  now: number
  asked: Standing | null
  onAsk: (standing: Standing | null) => void
}

/** How many units stand how; each can be pressed to see those alone. */
export function StandingCounts({ units, now, asked, onAsk }: Props) {
  const standings = units.map((unit) => standingOf(unit, now))
  const counts = STANDINGS.map((standing) => ({ standing, count: standings.filter((one) => one === standing).length }))
  return (
    <ul class="counts" aria-label="Boîtiers par état">
      {counts
        .filter(({ standing, count }) => count > 0 || standing === asked)
        .map(({ standing, count }) => {
          const { one, many, glyph } = STANDING_WORDS[standing]
          return (
            <li key={standing}>
              <button
                type="button"
                data-standing={standing}
                aria-pressed={asked === standing}
                onClick={() => onAsk(asked === standing ? null : standing)}
              >
                <Glyph name={glyph} />
                <strong>{numberInWords(count)}</strong> {count > 1 ? many : one}
              </button>
            </li>
          )
        })}
    </ul>
  )
}
