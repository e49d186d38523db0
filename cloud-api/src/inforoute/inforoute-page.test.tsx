import { describe, expect, test } from 'vitest'
import { NO_ASSETS } from './assets.ts'
import { renderInforoutePage } from './inforoute-page.tsx'
import { renderMessagePage } from './message-page.tsx'
import { renderSitePage } from './site-page.tsx'
import { NOW, presetOf, THREE, webcamOf } from './webcam.fixture.ts'
import type { Webcam } from './webcam.ts'
import { HARD, NARROW } from './wording.ts'

const render = (webcams: readonly Webcam[], query = '') =>
  renderInforoutePage({ webcams, now: NOW, assets: NO_ASSETS, query: new URLSearchParams(query) })
const plain = (text: string) => text.replaceAll(NARROW, ' ').replaceAll(HARD, ' ')

/** The figure of the only place of a page. */
function figureOf(...preset: Parameters<typeof presetOf>) {
  const html = plain(render([webcamOf({ presets: [presetOf(...preset)] })]))
  const [figure = ''] = /<figure.*?<\/figure>/s.exec(html) ?? []
  const text = figure.replaceAll(/<[^>]+>/g, '').trim()
  return { figure, text }
}

describe('the public page', () => {
  test('is whole without a script: every place with picture, road, altitude and view', () => {
    const html = plain(render(THREE))
    expect(html).toMatch(/^<!doctype html><html lang="fr"/)
    expect(html).not.toContain('<script')
    expect(html.match(/<li class="place"/g)).toHaveLength(3)
    expect(html).toContain('<a href="/site/col-d-allos">Col d’Allos</a>')
    expect(html).toContain('<span class="road">D908</span>')
    expect(html).toContain('2 247 m, vers Allos')
    expect(html).toContain('3 lieux, tous en direct')
  })

  test('gives each picture its size, its smaller versions and a text for those who cannot see it', () => {
    const { figure } = figureOf('fresh', 190)
    expect(figure).toContain('width="1280" height="720"')
    expect(figure).toContain('srcset="/api/v1/pictures/amont/320.jpg 320w, /api/v1/pictures/amont/640.jpg 640w"')
    expect(figure).toContain('alt="Col d’Allos, D908, altitude 2 247 m, vue vers Allos, image, 14 h 02"')
  })

  test('lets pictures below the fold wait', () => {
    const many = Array.from({ length: 8 }, (_, index) => webcamOf({ site: `site-${index}` }))
    expect(render(many).match(/loading="lazy"/g)).toHaveLength(5)
  })

  test('has no style and no script in it that a strict policy would refuse', () => {
    expect(render(THREE)).not.toMatch(/ style=| on[a-z]+=|<style/)
  })

  test('leads from each marker of the map to a card', () => {
    const html = render(THREE)
    const targets = [...html.matchAll(/class="marker" href="#([^"]+)"/g)].map(([, id]) => id)
    expect(targets).toHaveLength(3)
    for (const id of targets) expect(html).toContain(`id="${id}"`)
  })

  test('shows what was asked for, and only leads on the map to what it shows', () => {
    const html = plain(render(THREE, 'type=col&nom=fontbelle'))
    expect(html.match(/<li class="place"/g)).toHaveLength(1)
    expect(html.match(/class="marker"/g)).toHaveLength(1)
    expect(html).toContain('1 lieu trouvé')
    expect(html).toContain('<input type="hidden" name="type" value="col"/>')
    expect(html).toContain('value="fontbelle"')
  })

  test('says so when nothing is found, and gives the way out', () => {
    const html = render(THREE, 'nom=paris')
    expect(html).toContain('Aucun lieu trouvé')
    expect(html).toContain('<a href="/">Voir les')
  })

  test('says so when there is no webcam at all', () => {
    expect(render([])).toContain('Aucune webcam n’est en service')
  })

  test('never lets what a reader wrote out of its quotes', () => {
    expect(render(THREE, 'nom="><script>alert(1)</script>')).not.toContain('<script>')
  })
})

describe('a picture', () => {
  test('that is fresh carries nothing but its time', () => {
    const { figure, text } = figureOf('fresh', 190)
    expect(figure).toContain('data-freshness="fresh"')
    expect(figure).toContain('<span class="word visually-hidden">en direct, </span>')
    expect(text).toBe('en direct, il y a 3 min')
  })

  test('that is late carries a clock', () => {
    const { figure, text } = figureOf('late', 190)
    expect(figure).toContain('href="#glyph-late"')
    expect(text).toBe('en retard, il y a 3 min')
  })

  test('that is old carries a band with its time', () => {
    const { figure, text } = figureOf('stale', 1320)
    expect(figure).toContain('data-freshness="stale"')
    expect(text).toBe('image ancienne : 13 h 43')
  })

  test('of a site that is off line stands behind the word, dated', () => {
    const { figure, text } = figureOf('offline', 26 * 3600)
    expect(text).toBe('hors ligne dernière image : hier, 12 h 05')
    expect(figure).toContain('hors ligne, dernière image, hier, 12 h 05"')
  })

  test('that was seen unchanged carries both times, and is named by the one at which it was taken', () => {
    const { figure, text } = figureOf('fresh', 70, { capturedAt: '2026-11-21T12:50:00.000Z' })
    expect(text).toBe('en direct, vue il y a 1 min, inchangée depuis 13 h 50')
    expect(figure).toContain('data-captured="2026-11-21T12:50:00.000Z"')
    expect(figure).toContain('<time class="when" datetime="2026-11-21T13:04:10.000Z">')
  })

  test('that is doubtful says so on it and in its text alternative', () => {
    const { figure, text } = figureOf('fresh', 20, { doubts: ['picture-overexposed'] })
    expect(text).toBe('en direct, à l’instant webcam éblouie')
    expect(figure).toContain('image, 14 h 05, webcam éblouie"')
  })

  test('that never came is not stood for by another', () => {
    const { figure, text } = figureOf('offline', null)
    expect(figure).not.toContain('<img')
    expect(text).toBe('hors ligne aucune image reçue')
  })

  test('that a person withdrew is not shown', () => {
    expect(figureOf('withdrawn', 60).figure).not.toContain('<img')
  })
})

describe('the page of a place', () => {
  const page = (site: string, webcams: readonly Webcam[] = THREE) =>
    renderSitePage({ webcams, site, histories: new Map(), now: NOW, assets: NO_ASSETS })

  test('shows each view large, with the full picture among the choices', () => {
    const presets = [presetOf('fresh', 20, { id: 'nord', label: 'vers Barcelonnette' }), presetOf('stale', 1320)]
    const html = page('col-d-allos', [webcamOf({ presets })]) ?? ''
    expect(html.match(/<section class="site-view"/g)).toHaveLength(2)
    expect(html).toContain('Vers Barcelonnette</h2>')
    expect(html).toContain('/api/v1/pictures/nord/full.jpg 1280w')
  })

  test('has a strip of the last hours that leads to immutable pictures, and shows the gaps', () => {
    const { picture } = presetOf('fresh', 300)
    const past = [300, 4 * 3600].map((seconds) => ({
      preset: 'amont',
      capturedAt: new Date(NOW - seconds * 1000).toISOString(),
      seenAt: new Date(NOW - seconds * 1000).toISOString(),
    }))
    const html = renderSitePage({
      webcams: THREE,
      site: 'col-d-allos',
      histories: new Map([['col-d-allos-cam1', picture === null ? [] : past.map((frame) => ({ ...frame, picture }))]]),
      now: NOW,
      assets: NO_ASSETS,
    })
    expect(html).toContain('<a href="/api/v1/pictures/amont/full.jpg">')
    expect(html?.match(/pas d’image/g)).toHaveLength(3)
  })

  test('does not exist for a site that does not', () => {
    expect(page('paris')).toBeNull()
  })
})

test('a page that cannot be shown says why in plain words, and where to go', () => {
  const html = renderMessagePage('site-unknown', { now: NOW })
  expect(html).toContain('Aucun lieu ne porte ce nom')
  expect(html).toContain('href="/"')
  expect(html).toContain('noindex')
})
