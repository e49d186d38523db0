import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePorts, waitForPort } from '../fleet/port.ts'
import { connectBenchUnit } from './measure/bench-unit.ts'
import { startBareCloud } from './measure/cloud.ts'
import { printReport, type Row, times } from './measure/figures.ts'
import { roadScene } from './measure/road-scene.ts'

/*
 * The same picture served by the cloud's one process and by nginx with one worker, asked for by wrk on the same machine:
 * whole (200) and unchanged (304).
 */
const SECONDS = Number(process.argv[2] ?? 6)
const CONNECTIONS = 32

if (!existsSync('/usr/bin/wrk') || !existsSync('/usr/sbin/nginx')) {
  console.error('This benchmark needs wrk and nginx: apt-get install wrk nginx-light')
  process.exit(1)
}

const jpeg = await roadScene(1280, 720)
const cloud = await startBareCloud(1)
const [site] = cloud.fleet
if (site === undefined) throw new Error('the reference fleet has no site')
const unit = await connectBenchUnit(cloud, site)
const { id, message } = unit.frameOf(jpeg, { widthPx: 1280, heightPx: 720 })
await new Promise<void>((resolve) => {
  unit.onStored(() => resolve())
  unit.publish(message)
})

const ours = `${cloud.origin}/api/v1/pictures/${id}/full.jpg`
const nginx = await startNginx(jpeg)
const rows: Row[] = []
for (const kind of ['200', '304'] as const) {
  const peer = await ask(nginx.url, kind)
  const own = await ask(ours, kind)
  rows.push({ label: `nginx, one worker: ${kind}`, figures: { 'requests/s': peer } })
  rows.push({ label: `cloud-api: ${kind}`, figures: { 'requests/s': own, 'of nginx': times(own, peer) } })
}
const listing = `${cloud.origin}/api/v1/webcams`
rows.push({ label: 'cloud-api: GET /api/v1/webcams', figures: { 'requests/s': await ask(listing, '200') } })
rows.push({ label: 'cloud-api: the public page', figures: { 'requests/s': await ask(`${cloud.origin}/`, '200') } })
await nginx.stop()
await unit.close()
await cloud.stop()
printReport(
  `serve: a picture of ${(jpeg.byteLength / 1e3).toFixed(0)} kB, ${CONNECTIONS} connections, ${SECONDS} s each`,
  rows,
  ['Aim: 200 at least 0.8 × nginx, 304 at least 0.5 ×. wrk shares the two cores with the server it asks.'],
)

async function ask(url: string, kind: '200' | '304'): Promise<number> {
  const first = await fetch(url)
  const etag = first.headers.get('etag')
  await first.arrayBuffer()
  if (first.status !== 200) throw new Error(`${url} answered ${first.status}`)
  const headers = kind === '304' && etag !== null ? ['-H', `If-None-Match: ${etag}`] : []
  const said = execFileSync('/usr/bin/wrk', ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, ...headers, url]).toString()
  const errors = /Socket errors:.*/.exec(said)?.[0]
  if (errors !== undefined) console.error(`${url}: ${errors}`)
  const wrong = Number(/Non-2xx or 3xx responses: (\d+)/.exec(said)?.[1] ?? 0)
  if (wrong > 0) throw new Error(`${url}: ${wrong} answers were errors`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1])
}

async function startNginx(picture: Buffer): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-nginx-'))
  const port = await findFreePorts(1)
  mkdirSync(join(folder, 'www'))
  writeFileSync(join(folder, 'www', 'full.jpg'), picture)
  const configuration = `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log; user root;
    events { worker_connections 256; }
    http { access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; types { image/jpeg jpg; }
      client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
      server { listen 127.0.0.1:${port}; root ${folder}/www; } }`
  writeFileSync(join(folder, 'nginx.conf'), configuration)
  const server = spawn('/usr/sbin/nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' })
  await waitForPort(port, AbortSignal.timeout(10_000))
  return {
    url: `http://127.0.0.1:${port}/full.jpg`,
    async stop() {
      const ended = once(server, 'close')
      server.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
