import { Glyph } from '../../look/glyph.tsx'
import { ageInWords, inPrint } from '../../look/wording.ts'
import { faultWords } from '../fault-words.ts'
import { NEED_WORDS } from '../words.ts'
import type { Standing } from './need.ts'

type Props = { standing: Standing; now: number; isOpen: boolean; onOpen: (site: string) => void }

/** One site on the wall. Where somebody is needed it says what is wrong; elsewhere the picture and its time suffice. */
export function Tile({ standing, now, isOpen, onOpen }: Props) {
  const { site, need, zone, view, camera } = standing
  const preset = view?.preset ?? null
  const at = preset?.capturedAt == null ? null : Date.parse(preset.capturedAt)
  const picture = need === 'withdrawn' ? null : (preset?.picture ?? null)
  return (
    <li class="tile" data-need={need} data-zone={zone}>
      <button type="button" aria-expanded={isOpen} onClick={() => onOpen(site.site)}>
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
          <span class="tile-age">{at === null ? 'aucune image' : ageInWords(at, now)}</span>
        </span>
        <span class="tile-name">{inPrint(site.name)}</span>
        <span class="tile-line">
          <span class="tile-road">{site.road}</span>
          <span class={need === 'fresh' ? 'visually-hidden' : 'tile-state'}>
            <Glyph name={need} /> {NEED_WORDS[need]}
          </span>
        </span>
        {zone === 'now' && camera?.fault != null && <span class="tile-why">{faultWords(camera.fault).title}</span>}
      </button>
    </li>
  )
}
