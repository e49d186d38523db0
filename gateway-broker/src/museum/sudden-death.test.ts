import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { chainStart, followChain } from '@vigie/contract/gate/chain'
import type { Row } from '@vigie/contract/gate/row'
import { connectParty, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { admission, createTrialLane } from '@vigie/tests/fixtures/museum/trial-lane'
import { GATEWAY, openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import { until } from '@vigie/tests/fixtures/until'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASS_COOKIE } from './http/guard.ts'

const KILLS = process.env['VIGIE_SOAK'] === '1' ? 100 : 5
const built = new URL('../../dist/museum-sudden-death', import.meta.url).pathname
const main = new URL('../museum-main.ts', import.meta.url).pathname
const EXTERNAL = ['better-sqlite3', 'aedes', 'mqtt', 'fastify', 'pino', 'ulid', 'reflect-metadata', '@peculiar/x509']

let museum: TrialMuseum
let program: BuiltProgram
beforeAll(async () => {
  museum = await openTrialMuseum()
  const always = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }]
  const { museum: terms } = museum.signer.catalogue()
  museum.giveCatalogue({ museum: { ...terms, opening: always, capacity: { ...terms.capacity, refuseAt: null } } })
  await museum.stop()
  program = await buildProgram(built, `import '${main}'`, EXTERNAL)
})
afterAll(async () => {
  program.remove()
  await museum.remove()
})

/** Starts the gateway on the folder of the trial, and gives its ports. */
async function startGateway(): Promise<{ gateway: ChildProcess; lanPort: number; httpPort: number }> {
  const env = { ...process.env, ...museum.environment() }
  const gateway = spawn(process.execPath, [program.file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: gateway.stdout })) {
    const said = JSON.parse(line) as { event: string; lanPort: number; httpPort: number }
    if (said.event !== 'museum.listening') continue
    gateway.stdout.resume()
    return { gateway, ...said }
  }
  throw new Error('the gateway did not start')
}

test(`after each of ${KILLS} deaths by kill -9 the gateway has every row that it receipted and every decision that it answered`, async () => {
  const seed = seedOfRun()
  const random = seededRandom(seed)
  console.log(`seed ${seed}`)
  const lane = createTrialLane('vg-tripod1', { now: Date.now })
  const pass = museum.signer.pass('p-1', 'gate-staff', { until: '2099-01-01T00:00:00.000Z' })
  const headers = { cookie: `${PASS_COOKIE}=${pass}`, 'x-vigie-client': 'test', 'content-type': 'application/json' }
  const answered = new Set<string>()
  let found: Row[] = []
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const { gateway, lanPort, httpPort } = await startGateway()
    const dead = once(gateway, 'exit')
    const url = `http://127.0.0.1:${httpPort}/api/v1`
    found = await rowsOf(url, headers)
    for (const id of [...lane.receipted, ...answered]) expect(found.map((row) => row.id)).toContain(id)
    if (kill === KILLS) {
      gateway.kill('SIGTERM')
      await dead
      break
    }
    const files = museum.authority.unit('vg-tripod1')
    await lane.link(await connectParty(lanPort, { ...tlsOf(museum.authority, files), clientId: 'vg-tripod1' }))
    const before = lane.receipted.size + answered.size
    const wanted = before + 3 + Math.floor(random() * 20)
    const phone = decideUntilDead(url, headers, answered)
    while (lane.receipted.size + answered.size < wanted) {
      await lane.tell([
        lane.write(
          admission(
            ulid()
              .slice(-16)
              .toLowerCase()
              .replaceAll(/[^0-9a-f]/g, '0'),
          ),
        ),
      ])
      await until(() => lane.receipted.size === lane.own.length)
    }
    // In the middle of whatever it does next.
    void lane.tell([lane.write(admission('00000000000000ff'))]).catch(() => undefined)
    gateway.kill('SIGKILL')
    await dead
    await phone
    await lane.unlink().catch(() => undefined)
  }
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  for (const origin of [GATEWAY, 'vg-tripod1'] as never[]) {
    const own = found.filter((row) => row.origin === origin).sort((one, other) => one.seq - other.seq)
    expect(own.length).toBeGreaterThan(KILLS)
    expect(followChain(own, origin, chainStart, sha256)).toMatchObject({ taken: own.length, problem: null })
  }
}, 600_000)

/** A phone that decides one ticket after another until nobody answers, and writes down what was answered. */
async function decideUntilDead(url: string, headers: Record<string, string>, answered: Set<string>): Promise<void> {
  try {
    for (;;) {
      const code = museum.signer.ticket(
        ulid()
          .slice(-16)
          .toLowerCase()
          .replaceAll(/[^0-9a-f]/g, '0'),
      )
      const body = JSON.stringify({ site: 'musee-salagon', code, direction: 'in', nonce: ulid() })
      const answer = await fetch(`${url}/decisions`, { method: 'POST', headers, body })
      const { id } = (await answer.json()) as { id: string }
      if (answer.status === 200) answered.add(id)
    }
  } catch {
    // It is dead, as was wanted.
  }
}

async function rowsOf(url: string, headers: Record<string, string>): Promise<Row[]> {
  const all: Row[] = []
  for (let after = 0; ; ) {
    const answer = await fetch(`${url}/rows?after=${after}`, { headers })
    const { position, rows } = (await answer.json()) as { position: number; rows: Row[] }
    if (rows.length === 0) return all
    all.push(...rows)
    after = position
  }
}
