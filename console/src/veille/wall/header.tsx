import { Glyph } from '../../look/glyph.tsx'
import { countInWords, numberInWords, timeOfDay } from '../../look/wording.ts'
import type { Asked } from '../address.ts'
import { NEED_WORDS } from '../words.ts'
import { NEEDS, type Standing } from './need.ts'

type Props = {
  standings: readonly Standing[]
  asked: Asked
  now: number
  cutSince: number | null
  onAsk: (change: Partial<Asked>) => void
}

/** How many are how, which ones to show, what time it is, and whether the wall still hears. */
export function Header({ standings, asked, now, cutSince, onAsk }: Props) {
  const counts = NEEDS.map((need) => ({ need, count: standings.filter((one) => one.need === need).length }))
  return (
    <header class="wall-header" data-cut={cutSince !== null}>
      <h1>Veille</h1>
      <ul class="counts" aria-label="Sites par état">
        {counts
          .filter(({ count, need }) => count > 0 || need === asked.need)
          .map(({ need, count }) => (
            <li>
              <button
                type="button"
                data-need={need}
                aria-pressed={asked.need === need}
                onClick={() => onAsk({ need: asked.need === need ? null : need })}
              >
                <Glyph name={need} />
                <span class="count">{numberInWords(count)}</span> {NEED_WORDS[need]}
              </button>
            </li>
          ))}
      </ul>
      <search class="wall-search">
        <label>
          <span class="visually-hidden">Lieu, route ou unité</span>
          <Glyph name="search" />
          <input
            type="search"
            placeholder="Lieu, route, unité"
            value={asked.search}
            onInput={({ currentTarget }) => onAsk({ search: currentTarget.value })}
          />
        </label>
      </search>
      <p class="link" role="status">
        {cutSince === null ? countInWords(standings.length, 'site suivi', 'sites suivis') : linkInWords(cutSince)}
      </p>
      <time class="wall-clock">{timeOfDay(now)}</time>
    </header>
  )
}

const linkInWords = (since: number) => `Liaison coupée depuis ${timeOfDay(since)}, nouvel essai en cours`
