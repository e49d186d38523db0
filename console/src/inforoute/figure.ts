import type { Preset } from '../api/schemas.ts'
import { captionOf, FRESHNESS_WORDS, pictureInWords } from '../look/wording.ts'

/**
 * Brings one `<figure class="view">` of the page up to date. The cloud made it (cloud-api/src/inforoute/view-figure.tsx);
 * here only texts, addresses and `data-freshness` change, never its size.
 */
export function showPreset(figure: HTMLElement, preset: Preset, now: number): void {
  figure.dataset['freshness'] = preset.freshness
  figure.querySelector('.glyph use')?.setAttribute('href', `#glyph-${preset.freshness}`)
  const { word, when } = captionOf(preset, now)
  const wordElement = figure.querySelector('.word')
  if (wordElement !== null) {
    wordElement.classList.toggle('visually-hidden', word === null)
    say(wordElement, word === null ? `${FRESHNESS_WORDS[preset.freshness]}, ` : `${word} `)
  }
  const whenElement = figure.querySelector('.when')
  if (whenElement !== null) {
    say(whenElement, when)
    if (preset.capturedAt !== null) whenElement.setAttribute('datetime', preset.capturedAt)
  }
  showPicture(figure, preset, now)
}

function showPicture(figure: HTMLElement, preset: Preset, now: number) {
  const { picture } = preset
  const image = figure.querySelector('img')
  if (picture === null || preset.freshness === 'withdrawn') {
    image?.remove()
    return
  }
  const shown = image ?? figure.insertBefore(document.createElement('img'), figure.firstChild)
  const isLarge = figure.dataset['large'] === 'true'
  const source = isLarge ? picture.full : picture.w640
  // The place and what is seen do not change; the last part of the text, the picture's state and time, does.
  shown.alt = `${figure.dataset['alt'] ?? ''}, ${pictureInWords(preset, now)}`
  if (shown.getAttribute('src') === source) return
  shown.width = picture.widthPx
  shown.height = picture.heightPx
  shown.srcset = [
    `${picture.w320} 320w`,
    `${picture.w640} 640w`,
    ...(isLarge ? [`${picture.full} ${picture.widthPx}w`] : []),
  ].join(', ')
  // The browser shows the old picture until the new one is there.
  shown.src = source
}

/** Writes only what is new, so that a screen reader and the layout have nothing to do otherwise. */
function say(element: Element, text: string) {
  if (element.textContent !== text) element.textContent = text
}
