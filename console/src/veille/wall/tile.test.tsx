import { renderToString } from 'preact-render-to-string'
import { expect, test } from 'vitest'
import { NOW, siteOf } from '../wall.fixture.ts'
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
