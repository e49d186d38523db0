import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTrialCloud, type TrialCloud } from './trial-cloud.fixture.ts'

describe("the technician's page", () => {
  let cloud: TrialCloud
  beforeEach(async () => {
    cloud = await openTrialCloud()
  })
  afterEach(() => cloud.close())

  const get = (url: string) => cloud.http.inject({ url })

  async function build() {
    const folder = join(cloud.folder, 'console')
    await mkdir(join(folder, '.vite'), { recursive: true })
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'assets', 'service-worker-abc.js'), 'self.name')
    await writeFile(join(folder, 'pose.html'), '<!doctype html><title>Pose</title>')
    const manifest = {
      'pose.html': { file: 'assets/pose-abc.js', dynamicImports: ['src/pose/scan/read-code.ts'] },
      'src/pose/scan/read-code.ts': { file: 'assets/read-code-abc.js', assets: ['assets/reader-abc.wasm'] },
      'src/pose/shell/service-worker.ts': { file: 'assets/service-worker-abc.js' },
    }
    await writeFile(join(folder, '.vite', 'manifest.json'), JSON.stringify(manifest))
  }

  it('may use the camera of the phone and where it stands, and runs no script but ours', async () => {
    await build()
    const { statusCode, headers, payload } = await get('/pose/01J00000000000000000000000?etape=cameras')
    expect(statusCode).toBe(200)
    expect(payload).toContain('<title>Pose')
    expect(headers['permissions-policy']).toBe('camera=(self), geolocation=(self), microphone=()')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'")
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')/)
    expect((await get('/')).headers['permissions-policy']).toContain('camera=()')
  })

  it('has a worker at an address that stays, for itself alone', async () => {
    await build()
    const { headers, payload } = await get('/pose/service-worker.js')
    expect(headers).toMatchObject({ 'service-worker-allowed': '/pose', 'cache-control': 'no-cache' })
    expect(headers['content-type']).toContain('text/javascript')
    expect(payload).toBe('self.name')
  })

  it('names all that it needs to open without a network', async () => {
    await build()
    expect((await get('/pose/files.json')).json()).toEqual({
      files: ['/assets/pose-abc.js', '/assets/read-code-abc.js', '/assets/reader-abc.wasm'],
    })
  })

  it('says how to build it while it is not built, and keeps nothing of that', async () => {
    const page = await get('/pose')
    expect(page.statusCode).toBe(503)
    expect(page.payload).toContain('npm run build')
    expect((await get('/pose/service-worker.js')).statusCode).toBe(404)
    expect((await get('/pose/files.json')).statusCode).toBe(404)
  })
})
