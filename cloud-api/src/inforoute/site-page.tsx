import type { PageAssets } from './assets.ts'
import { renderDocument } from './document.tsx'
import { lastDay } from './last-day.ts'
import { type Place, placesOf, type View } from './place.ts'
import { RoadShield } from './place-card.tsx'
import { PlaceNeighbours } from './place-neighbours.tsx'
import { ViewFigure } from './view-figure.tsx'
import type { PastFrame, Webcam } from './webcam.ts'
import { altitudeInWords, inPrint, KIND_WORDS, momentInWords, NARROW, numberInWords, rhythmInWords } from './wording.ts'

export type SitePage = {
  /** The features of GET /api/v1/webcams, all of them: the page shows the neighbours too. */
  webcams: readonly Webcam[]
  site: string
  /** The frames of the last 24 hours by webcam; without them the page has no strip. */
  histories: ReadonlyMap<string, readonly PastFrame[]>
  now: number
  assets: PageAssets
}

/** The picture is as wide as the page: see `.site-views` in the console's inforoute.css. */
const SIZES = '(min-width: 1180px) 860px, 100vw'

/** The page of one place: each of its views large, with the last 24 hours. Null when there is no such site. */
export function renderSitePage({ webcams, site, histories, now, assets }: SitePage): string | null {
  const places = placesOf(webcams)
  const place = places.find((one) => one.site === site)
  if (place === undefined) return null
  const name = inPrint(place.name)
  return renderDocument({
    title: `${name}, ${place.road} – Inforoute04`,
    description: `Webcam de ${name} (${place.road}, ${altitudeInWords(place.altitudeM)})${NARROW}: l’image du moment et les 24 dernières heures.`,
    assets,
    now,
    children: (
      <>
        <p class="way-back">
          <a href={`/#site-${site}`}>Toutes les webcams</a>
        </p>
        <div class="site-lead">
          <h1>{name}</h1>
          <RoadShield road={place.road} />
          <p class="facts">
            {KIND_WORDS[place.kind].one}, {altitudeInWords(place.altitudeM)}
          </p>
        </div>
        <div class="site-columns">
          <div class="site-views">
            {place.views.map((view, index) => (
              <SiteView
                place={place}
                view={view}
                frames={(histories.get(view.webcam) ?? []).filter((frame) => frame.preset === view.preset.id)}
                now={now}
                isFirst={index === 0}
              />
            ))}
          </div>
          <PlaceNeighbours place={place} places={places} now={now} />
        </div>
      </>
    ),
  })
}

type SiteViewProps = { place: Place; view: View; frames: readonly PastFrame[]; now: number; isFirst: boolean }

function SiteView({ place, view: { webcam, preset }, frames, now, isFirst }: SiteViewProps) {
  const id = `vue-${preset.id}`
  return (
    <section class="site-view" aria-labelledby={id}>
      <h2 id={id}>{capital(inPrint(preset.label))}</h2>
      <ViewFigure
        place={place}
        webcam={webcam}
        preset={preset}
        now={now}
        loading={isFirst ? 'eager' : 'lazy'}
        sizes={SIZES}
        isLarge
      />
      <p class="rhythm" data-rhythm={`${webcam}/${preset.id}`}>
        {rhythmInWords(preset, now)}
      </p>
      {frames.length > 0 && <LastDay frames={frames} now={now} label={preset.label} />}
    </section>
  )
}

function LastDay({ frames, now, label }: { frames: readonly PastFrame[]; now: number; label: string }) {
  const hours = lastDay(frames, now)
  const shown = hours.filter(({ frame }) => frame !== null).length
  return (
    <section class="last-day" aria-label={`Les 24 dernières heures, ${inPrint(label)}`}>
      <h3>Les 24 dernières heures</h3>
      <p class="visually-hidden">{numberInWords(shown)} images, de la plus récente à la plus ancienne.</p>
      {/* A list that scrolls sideways must be reached by keyboard (WCAG 2.1.1). */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see the line above */}
      <ol class="strip" tabIndex={0} aria-label="Une image par heure">
        {hours.map(({ at, frame }) => (
          <li>
            {frame === null ? (
              <span class="gap">pas d’image</span>
            ) : (
              <a href={frame.picture.full}>
                <img
                  src={frame.picture.w320}
                  width={frame.picture.widthPx}
                  height={frame.picture.heightPx}
                  loading="lazy"
                  decoding="async"
                  alt={`Image, ${momentInWords(Date.parse(frame.capturedAt), now)}`}
                />
              </a>
            )}
            <time dateTime={new Date(at).toISOString()}>
              {momentInWords(frame === null ? at : Date.parse(frame.capturedAt), now)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
