import type { Picture, Preset } from '../api/schemas.ts'
import type { Source } from '../live/load-picture.ts'
import { captionOf, FRESHNESS_WORDS, pictureInWords } from '../look/wording.ts'

/** One picture of the page with its state on it, kept up to date. */
export type Figure = {
  element: HTMLElement
  /** Brings it up to this moment. A new picture and its time appear together, when the picture is there. */
  show(preset: Preset, now: number): void
}

/**
 * Takes up a `<figure class="view">` that the cloud made (cloud-api/src/inforoute/view-figure.tsx). Only texts,
 * addresses and `data-freshness` change, never its size.
 */
export function createFigure(element: HTMLElement, load: (source: Source) => Promise<void>): Figure {
  /** Of the picture that is seen now; null while that is still the one the page came with. */
  let shown: Preset | null = null
  /** The address that is on its way. */
  let coming: string | null = null

  function show(preset: Preset, now: number) {
    const image = element.querySelector('img')
    const source = preset.freshness === 'withdrawn' ? null : sourceOf(element, preset.picture)
    const isThere = source === null || image === null || image.getAttribute('src') === source.src
    if (isThere || !isNear(element)) {
      shown = preset
      coming = null
      writePicture(element, preset, source, now)
      writeState(element, preset, now)
      return
    }
    // An old picture under a new time would be the lie that the time is there to prevent.
    if (shown !== null) writeState(element, shown, now)
    if (coming === source.src) return
    coming = source.src
    load({ ...source, sizes: image.sizes }).then(
      () => {
        if (coming !== source.src) return
        coming = null
        shown = preset
        writePicture(element, preset, source, now)
        writeState(element, preset, now)
      },
      () => {
        // It is asked for again with the next change or tick.
        if (coming === source.src) coming = null
      },
    )
  }

  return { element, show }
}

/** A card offers the two small pictures; the page of a place the full one too. */
function sourceOf(element: HTMLElement, picture: Picture | null): Required<Omit<Source, 'sizes'>> | null {
  if (picture === null) return null
  const small = [`${picture.w320} 320w`, `${picture.w640} 640w`]
  if (element.dataset['large'] !== 'true') return { src: picture.w640, srcset: small.join(', ') }
  return { src: picture.full, srcset: [...small, `${picture.full} ${picture.widthPx}w`].join(', ') }
}

function writePicture(
  element: HTMLElement,
  preset: Preset,
  source: { src: string; srcset: string } | null,
  now: number,
) {
  const image = element.querySelector('img')
  if (source === null || preset.picture === null) {
    image?.remove()
    return
  }
  const shown = image ?? element.insertBefore(document.createElement('img'), element.firstChild)
  // The place and what is seen do not change; the last part of the text, the picture's state and time, does.
  shown.alt = `${element.dataset['alt'] ?? ''}, ${pictureInWords(preset, now)}`
  if (shown.getAttribute('src') === source.src) return
  shown.width = preset.picture.widthPx
  shown.height = preset.picture.heightPx
  shown.srcset = source.srcset
  shown.src = source.src
}

function writeState(element: HTMLElement, preset: Preset, now: number) {
  element.dataset['freshness'] = preset.freshness
  element.querySelector('.glyph use')?.setAttribute('href', `#glyph-${preset.freshness}`)
  const { word, when, unchanged, remark } = captionOf(preset, now)
  const wordElement = element.querySelector('.word')
  wordElement?.classList.toggle('visually-hidden', word === null)
  write(wordElement, word === null ? `${FRESHNESS_WORDS[preset.freshness]}, ` : `${word} `)
  const whenElement = element.querySelector('.when')
  write(whenElement, when)
  if (preset.seenAt !== null) whenElement?.setAttribute('datetime', preset.seenAt)
  write(element.querySelector('.unchanged'), unchanged === null ? '' : `, ${unchanged}`)
  write(element.querySelector('.remark'), remark === null ? '' : ` ${remark}`)
  if (preset.capturedAt !== null) element.dataset['captured'] = preset.capturedAt
}

/** Writes only what is new, so that a screen reader and the layout have nothing to do otherwise. */
function write(element: Element | null, text: string) {
  if (element !== null && element.textContent !== text) element.textContent = text
}

/** Seen, or about to be. What is far away is not fetched: the browser does that when the reader comes near. */
function isNear(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return bottom > -innerHeight && top < 2 * innerHeight
}
