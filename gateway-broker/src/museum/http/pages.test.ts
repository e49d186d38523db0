import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
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

  test('opens again while the gateway is away: its worker has one address, and the list of its files is whole', async () => {
    const worker = await get('/portillon/service-worker.js')
    expect([worker.status, await worker.text(), worker.headers.get('service-worker-allowed')]).toEqual([
      200,
      'self',
      '/',
    ])
    expect(await (await get('/portillon/files.json')).json()).toEqual({
      files: ['/portillon.html', '/assets/portillon-1a2b3c.js', '/assets/portillon-7a.css', '/assets/look-8b.js'],
    })
  })

  test('is served over TLS with the certificate of the broker, and a new one is shown without a restart', async () => {
    await museum.anew({ HTTP_PLAIN: 'false' })
    const shown = async () => {
      const socket = connectTls({
        port: museum.museum().httpPort,
        host: '127.0.0.1',
        ca: readFileSync(museum.authority.caFile),
      })
      await once(socket, 'secureConnect')
      const { fingerprint256 } = socket.getPeerCertificate()
      socket.destroy()
      return fingerprint256
    }
    const before = await shown()
    museum.museum().changeTls(await museum.otherServer())
    expect(await shown()).not.toBe(before)
  })
})
