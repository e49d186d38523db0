import { openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let museum: TrialMuseum
beforeAll(async () => {
  museum = await openTrialMuseum()
})
afterAll(() => museum.remove())

const get = (path: string) => fetch(museum.url(path), { redirect: 'manual' })

describe('the page of the gate staff', () => {
  test('is there for whoever reaches the gateway, and runs nothing but its own scripts', async () => {
    const page = await get('/portillon.html')
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Portillon')
    const policy = String(page.headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect((await get('/')).headers.get('location')).toBe('/portillon.html')
  })

  test('comes with what it loads, for ever by its name; other pages of the build stay in the cloud', async () => {
    const asset = await get('/assets/portillon-1a2b3c.js')
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    for (const path of [
      '/veille.html',
      '/.vite/manifest.json',
      '/../data/ledger.sqlite',
      '/%2e%2e/ca.key',
      '/ledger.sqlite',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404])
    }
  })
})
