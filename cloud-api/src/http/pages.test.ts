import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OFFICE_PAGES } from './office-pages.ts'
import { MINUTE_MS, openTrialCloud, siteDocument, type TrialCloud } from './trial-cloud.fixture.ts'

describe('the pages', () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud({
      sites: [siteDocument(), { ...siteDocument('vars', 'vg-0002'), name: 'Col de Vars' }],
    })
  })
  afterEach(() => cloud.close())

  const get = (url: string, headers: Record<string, string> = {}) => cloud.http.inject({ url, headers })

  async function build() {
    const folder = join(cloud.folder, 'console')
    await mkdir(join(folder, '.vite'), { recursive: true })
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'assets', 'veille-abc.js'), 'console.log(1)')
    for (const { page } of OFFICE_PAGES)
      await writeFile(join(folder, `${page}.html`), `<!doctype html><title>${page}</title>`)
    const manifest = { 'src/inforoute/main.ts': { file: 'assets/inforoute-abc.js', css: ['assets/inforoute-abc.css'] } }
    await writeFile(join(folder, '.vite', 'manifest.json'), JSON.stringify(manifest))
    return folder
  }

  it('show every place at /, complete without a build of the console', async () => {
    const { id } = await cloud.storeFrame()
    const page = await get('/')
    expect(page.statusCode).toBe(200)
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=1',
    })
    expect(page.headers['content-security-policy']).toContain("default-src 'self'")
    expect(page.payload).toContain('Col d’Allos')
    expect(page.payload).toContain('Col de Vars')
    expect(page.payload).toContain(`/api/v1/pictures/${id}/`)
    expect(page.payload).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=/)
  })

  it('take style and script from the build once it is there, and follow a new one', async () => {
    expect((await get('/')).payload).not.toContain('/assets/')
    const folder = await build()
    expect((await get('/')).payload).toContain('/assets/inforoute-abc.js')
    cloud.pass(MINUTE_MS)
    const manifest = { 'src/inforoute/main.ts': { file: 'assets/inforoute-def.js' } }
    await writeFile(join(folder, '.vite', 'manifest.json'), JSON.stringify(manifest))
    await utimes(join(folder, '.vite', 'manifest.json'), 2_000_000_000, 2_000_000_000)
    expect((await get('/')).payload).toContain('/assets/inforoute-def.js')
  })

  it('are not sent again while they are the same, and never show a picture as live that has grown old', async () => {
    await cloud.storeFrame()
    const { etag } = (await get('/')).headers
    expect((await get('/', { 'if-none-match': String(etag) })).statusCode).toBe(304)
    cloud.pass(10 * MINUTE_MS)
    const later = await get('/', { 'if-none-match': String(etag) })
    expect(later.statusCode).toBe(200)
  })

  it('show what the address asks for', async () => {
    const all = (await get('/')).payload
    const chosen = (await get('/?nom=vars&utm=1')).payload
    expect(chosen).not.toBe(all)
    expect(chosen).toContain('Col de Vars')
  })

  it('show one place with its last day', async () => {
    const { id } = await cloud.storeFrame()
    cloud.pass(MINUTE_MS)
    await cloud.storeFrame()
    const page = await get('/site/col-d-allos')
    expect(page.statusCode).toBe(200)
    expect(page.payload).toContain('Col d’Allos')
    expect(page.payload).toContain('/api/v1/pictures/')
    expect(id).toBeTruthy()
  })

  it('say in French what is not there, with the true status', async () => {
    for (const url of ['/nulle-part', '/site/nulle-part']) {
      const page = await get(url)
      expect(page.statusCode).toBe(404)
      expect(page.headers['content-type']).toContain('text/html')
      expect(page.payload).toContain('<html lang="fr"')
    }
    expect((await get('/api/v1/nowhere')).json().type).toBe('urn:vigie:problem:address-unknown')
  })

  it("of operators say how to build the console when it is not, and are the console's after", async () => {
    const operator = await cloud.signIn('viewer')
    const before = await get('/veille', operator)
    expect(before.statusCode).toBe(503)
    expect(before.payload).toContain('npm run build')
    await build()
    for (const url of ['/veille', '/veille/site/col-d-allos']) {
      const page = await get(url, operator)
      expect([page.statusCode, page.payload]).toEqual([200, '<!doctype html><title>veille</title>'])
      expect(page.headers['cache-control']).toBe('no-cache')
    }
  })

  it('of the office ask who is not signed in to do so, and bring them back', async () => {
    await build()
    for (const { url, action } of OFFICE_PAGES.filter((page) => page.action !== 'public')) {
      const page = await get(`${url}?site=a`)
      const back = `/connexion?retour=${encodeURIComponent(`${url}?site=a`)}`
      expect([action, page.statusCode, page.headers.location]).toEqual([action, 303, back])
    }
    expect((await get('/connexion')).statusCode).toBe(200)
  })

  it('of the office say to whom they are not open, with a way out', async () => {
    await build()
    const page = await get('/personnes', await cloud.signIn('viewer'))
    expect(page.statusCode).toBe(403)
    expect(page.payload).toContain('Votre rôle n’ouvre pas cette page')
    expect(page.payload).toContain('href="/"')
  })

  it('find their built files under /assets/, for ever, and nothing beside them', async () => {
    await build()
    const file = await get('/assets/veille-abc.js')
    expect(file.statusCode).toBe(200)
    expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(file.headers['content-type']).toContain('javascript')
    for (const url of ['/assets/..%2fveille.html', '/assets/../.vite/manifest.json', '/assets/none.js']) {
      expect([url, (await get(url)).statusCode]).toEqual([url, 404])
    }
  })
})
