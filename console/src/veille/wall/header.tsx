import { Glyph } from '../../look/glyph.tsx'
import { countInWords, numberInWords, timeOfDay } from '../../look/wording.ts'
import type { Asked } from '../address.ts'
import { NEED_WORDS, NEED_WORDS_SEVERAL } from '../words.ts'
import { NEEDS, type Standing } from './need.ts'

type Props = {
  standings: readonly Standing[]
  asked: Asked
  now: number
  cutSince: number | null
  onAsk: (change: Partial<Asked>) => void
  /** How many alarms there are that no picture shows. */
  alarms: number
  onAlarms: () => void
}

/** Where the focus goes back to. */
export const ALARMS_BUTTON = 'alarmes-ouvrir'

/** How many are how, which ones to show, what time it is, and whether the wall still hears. */
export function Header({ standings, asked, now, cutSince, onAsk, alarms, onAlarms }: Props) {
  const counts = NEEDS.map((need) => ({ need, count: standings.filter((one) => one.need === need).length }))
  return (
    <header class="wall-header">
      <h1>Veille</h1>
      {alarms > 0 && (
        <button type="button" id={ALARMS_BUTTON} class="wall-alarms" onClick={onAlarms}>
          <Glyph name="failing" /> {countInWords(alarms, 'alarme', 'alarmes')}
        </button>
      )}
      <ul class="counts" aria-label="Sites par état">
        {counts
          .filter(({ count, need }) => count > 0 || need === asked.need)
          .map(({ need, count }) => (
            <li key={need}>
              <button
                type="button"
                data-need={need}
                aria-pressed={asked.need === need}
                onClick={() => onAsk({ need: asked.need === need ? null : need })}
              >
                <Glyph name={need} />
                <strong>{numberInWords(count)}</strong> {count > 1 ? NEED_WORDS_SEVERAL[need] : NEED_WORDS[need]}
              </button>
            </li>
          ))}
      </ul>
      <search class="search">
        <Glyph name="search" />
        <input
          type="search"
          aria-label="Lieu, route ou unité"
          placeholder="Lieu, route, unité"
          value={asked.search}
          onInput={({ currentTarget }) => onAsk({ search: currentTarget.value })}
        />
      </search>
      <time class="wall-clock">{timeOfDay(now)}</time>
      <p class="wall-cut" role="status">
        {cutSince !== null &&
          `Liaison coupée depuis ${timeOfDay(cutSince)}. Les images ne changent plus, nouvel essai en cours.`}
      </p>
    </header>
  )
}
