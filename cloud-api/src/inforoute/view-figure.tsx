import { Glyph } from './glyphs.tsx'
import type { Place } from './place.ts'
import type { Preset } from './webcam.ts'
import { altitudeInWords, captionOf, FRESHNESS_WORDS, inPrint, pictureInWords } from './wording.ts'

type Props = {
  place: Place
  webcam: string
  preset: Preset
  now: number
  /** Pictures below the fold wait until the reader comes near. */
  loading: 'eager' | 'lazy'
  /** How wide the picture is drawn, for the browser to choose among 320, 640 and the full one. */
  sizes: string
  /** Whether the full picture is offered too: on the page of one place, not in a list of forty. */
  isLarge?: boolean
}

/**
 * A picture with its age and its state on it. The markup is the same in every state; `data-freshness` decides how it
 * looks, so that the page's script can follow a change of state by changing texts and one attribute.
 */
export function ViewFigure({ place, webcam, preset, now, loading, sizes, isLarge = false }: Props) {
  const { word, when, unchanged, remark } = captionOf(preset, now)
  const picture = preset.freshness === 'withdrawn' ? null : preset.picture
  return (
    <figure
      class="view"
      data-view={`${webcam}/${preset.id}`}
      data-freshness={preset.freshness}
      data-captured={preset.capturedAt ?? undefined}
      data-alt={seenInWords(place, preset)}
      data-large={isLarge}
    >
      {picture !== null && (
        <img
          src={isLarge ? picture.full : picture.w640}
          srcset={[
            `${picture.w320} 320w`,
            `${picture.w640} 640w`,
            ...(isLarge ? [`${picture.full} ${picture.widthPx}w`] : []),
          ].join(', ')}
          sizes={sizes}
          width={picture.widthPx}
          height={picture.heightPx}
          loading={loading}
          decoding="async"
          alt={`${seenInWords(place, preset)}, ${pictureInWords(preset, now)}`}
        />
      )}
      <figcaption class="state">
        <span class="state-line">
          <Glyph name={preset.freshness} />
          {word === null ? (
            <span class="word visually-hidden">{FRESHNESS_WORDS[preset.freshness]}, </span>
          ) : (
            <strong class="word">{word} </strong>
          )}
          <span class="times">
            <time class="when" dateTime={preset.seenAt ?? undefined}>
              {when}
            </time>
            <span class="unchanged">{unchanged === null ? '' : `, ${unchanged}`}</span>
          </span>
        </span>
        <span class="remark">{remark === null ? '' : ` ${remark}`}</span>
      </figcaption>
    </figure>
  )
}

/** Place, road, altitude and view; with the state and time of the picture after it, its text alternative. */
const seenInWords = (place: Place, preset: Preset): string =>
  [
    inPrint(place.name),
    place.road,
    `altitude ${altitudeInWords(place.altitudeM)}`,
    `vue ${inPrint(preset.label)}`,
  ].join(', ')
