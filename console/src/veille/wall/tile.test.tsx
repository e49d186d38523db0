import { renderToString } from 'preact-render-to-string'
import { expect, test } from 'vitest'
import { NOW, presetOf, siteOf, webcamOf } from '../wall.fixture.ts'
import { standingOf } from './need.ts'
import type { Site } from './site.ts'
import { Tile } from './tile.tsx'

function tileOf(site: Site) {
  const html = renderToString(<Tile standing={standingOf(site)} now={NOW} isOpen={false} onOpen={() => undefined} />)
  const text = html
    .replaceAll(/<[^>]+>/g, '|')
    .replaceAll(/\s+/g, ' ')
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return { html, text }
}

test('a live site shows its picture, its age, its name and its road', () => {
  const { html, text } = tileOf(siteOf("Col d'Allos"))
  expect(text).toEqual(['à l’instant', 'en direct', 'Col d’Allos', 'D908'])
  expect(html).toContain('320.jpg')
  expect(html).toContain('visually-hidden')
})

test('a site in need says what is wrong in a word, and why', () => {
  const camera = { condition: 'failing', fault: 'camera-timeout', failures: 22 } as const
  const { html, text } = tileOf(siteOf('Col de Vars', { freshness: 'stale', camera }))
  expect(text).toEqual(['13 h 43', 'image ancienne', 'Col de Vars', 'D908, caméra muette'])
  expect(html).toContain('640.jpg')
})

test('a silent site says since when', () => {
  const { unit } = siteOf('x')
  const silent = { ...unit, presence: 'offline', since: '2026-11-20T11:05:00Z', reason: 'lost' } as const
  const { text } = tileOf(siteOf('Col de Larche', { freshness: 'offline', unit: silent }))
  expect(text).toEqual(['hier, 12 h 05', 'hors ligne', 'Col de Larche', 'D908, depuis hier, 12 h 05'])
})

test('a withdrawn site shows no picture', () => {
  expect(tileOf(siteOf('Banon', { freshness: 'withdrawn' })).html).not.toContain('<img')
})

test('a view that was found unchanged says when it was seen, and since when it is the same', () => {
  const capturedAt = new Date(NOW - 15 * 60_000).toISOString()
  const seenAt = new Date(NOW - 60_000).toISOString()
  const preset = presetOf('fresh', { capturedAt, seenAt, ageSeconds: 60 })
  const { text } = tileOf(siteOf('Vars', { webcams: [webcamOf('vars', [preset])] }))
  expect(text.map(plain).slice(0, 2)).toEqual(['vue il y a 1 min', ', inchangée depuis 13 h 50'])
})

test('a live picture that the unit doubts says what of it', () => {
  const webcams = [webcamOf('vars', [presetOf('fresh', { doubts: ['picture-blurred'] })])]
  const { html, text } = tileOf(siteOf('Vars', { webcams }))
  expect(text).toEqual(['à l’instant', 'image douteuse', 'Vars', 'D908, image floue ou objectif givré'])
  expect(html).toContain('data-need="doubted"')
})

test('a camera whose pictures are held back says why', () => {
  const camera = { condition: 'failing', fault: 'view-moved', failures: 3 } as const
  expect(tileOf(siteOf('Vars', { camera })).text).toContain('D908, cadrage modifié, images retenues')
})

const plain = (text: string) => text.replaceAll(/\s/g, ' ')
