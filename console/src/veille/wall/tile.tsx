import type { Preset } from '../../api/schemas.ts'
import { useLoaded } from '../../live/use-loaded.ts'
import { Glyph } from '../../look/glyph.tsx'
import { inPrint, unchangedInWords, whenInWords } from '../../look/wording.ts'
import { faultWords } from '../fault-words.ts'
import { NEED_WORDS, sinceInWords } from '../words.ts'
import type { Standing } from './need.ts'

type Props = { standing: Standing; now: number; isOpen: boolean; onOpen: (site: string) => void }

const largeOf = (preset: Preset | null) => preset?.picture?.w640 ?? null
const smallOf = (preset: Preset | null) => preset?.picture?.w320 ?? null

/** One site on the wall. Where somebody is needed it says what is wrong; elsewhere the picture and its time suffice. */
export function Tile({ standing, now, isOpen, onOpen }: Props) {
  const { site, need, zone, view } = standing
  const preset = useLoaded(view?.preset ?? null, zone === 'now' ? largeOf : smallOf)
  const unchanged = preset === null ? null : unchangedInWords(preset, now)
  const besides = unchanged ?? (preset?.seenClock === 'estimated' ? 'heure estimée' : null)
  const picture = need === 'withdrawn' ? null : (preset?.picture ?? null)
  const state = (
    <span class={need === 'fresh' ? 'visually-hidden' : 'tile-state'}>
      <Glyph name={need} /> {NEED_WORDS[need]}
    </span>
  )
  return (
    <li class="tile" data-need={need} data-zone={zone} data-freshness={preset?.freshness ?? 'offline'}>
      <button type="button" id={tileIdOf(site.site)} aria-expanded={isOpen} onClick={() => onOpen(site.site)}>
        <span class="tile-picture">
          {picture !== null && (
            <img
              src={zone === 'now' ? picture.w640 : picture.w320}
              width={picture.widthPx}
              height={picture.heightPx}
              decoding="async"
              alt=""
            />
          )}
          {preset !== null && need !== 'withdrawn' && (
            <span class="tile-age">
              {whenInWords(preset, now) ?? 'aucune image'}
              {besides !== null && <span class="tile-besides">, {besides}</span>}
            </span>
          )}
          {state}
        </span>
        <span class="tile-text">
          <span class="tile-name">{inPrint(site.name)}</span>
          <span class="tile-line">
            {site.road}
            {(zone === 'now' || need === 'doubted') && `, ${whyOf(standing, now)}`}
          </span>
        </span>
      </button>
    </li>
  )
}

export const tileIdOf = (site: string) => `tile-${site}`

/** In a few words: what is doubtful, the camera's fault, or what the unit does. */
function whyOf({ site, need, failing, view }: Standing, now: number): string {
  if (need === 'doubted') return faultWords(view?.preset.doubts[0] ?? null).title
  if (need !== 'offline' && failing !== null) return faultWords(failing.fault).title
  const { presence, since } = site.unit
  if (presence === 'unknown') return 'unité jamais entendue'
  return presence === 'offline' && since !== null
    ? `depuis ${sinceInWords(since, now)}`
    : 'unité en liaison, pas d’image'
}
