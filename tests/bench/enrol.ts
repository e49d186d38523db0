import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startAuthorityProcess } from '../conformance/authority-process.ts'
import { askAuthority } from '../fixtures/ask-authority.ts'
import { certificatesIn } from '../fixtures/certificates-in.ts'
import { newUnitRequest } from '../fixtures/trial-authority.ts'
import { readProcess } from '../fleet/process-table.ts'
import { printReport, quantile, type Row, times } from './measure/figures.ts'

/*
 * What the authority does in a second, each enrolment over a TLS connection of its own as a box makes it, beside the least
 * that any authority must do: a bare https server of Node that signs a certificate for each request and keeps nothing.
 * Then a whole fleet that renews at the same moment.
 */
const ENROLMENTS = Number(process.argv[2] ?? 200)
const AT_ONCE = 8
const FLEET = 41
const SITE = 'seyne'
const HEADERS = { 'content-type': 'application/pkcs10' }

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-enrol-'))
const authority = await startAuthorityProcess(folder)
const port = Number(new URL(authority.url).port)
const units = await Promise.all(
  Array.from({ length: ENROLMENTS }, async (_, index) => {
    const unit = `vg-${String(index + 1).padStart(5, '0')}`
    return { unit, ...(await newUnitRequest(unit)) }
  }),
)
const rows: Row[] = []
const ends: (() => Promise<void>)[] = [authority.stop]
try {
  const bare = await startBare()
  ends.push(bare.stop)
  const least = await measure('bare https and a signature', bare.child.pid, async (index) => {
    const { status } = await askAuthority(bare.port, authority.trust, '/', {
      ...{ method: 'POST', headers: HEADERS, body: units[index]?.request ?? '' },
    })
    if (status !== 200) throw new Error(`the bare server answered ${status}`)
  })
  const claims: string[] = []
  for (const { unit } of units) claims.push((await authority.claim({ unit, site: SITE })).code)
  const certificates: string[] = []
  const ours = await measure('the authority, by claims', authority.pid, async (index) => {
    const { unit = '', request = '' } = units[index] ?? {}
    const authorization = `Basic ${Buffer.from(`${unit}:${claims[index]}`).toString('base64')}`
    const asking = { method: 'POST', headers: { ...HEADERS, authorization }, body: request }
    const [certificate] = certificatesIn(
      await askAuthority(port, authority.trust, '/.well-known/est/simpleenroll', asking),
    )
    certificates[index] = String(certificate)
  })

  const fleet = units.slice(0, FLEET)
  const next = await Promise.all(fleet.map(({ unit }) => newUnitRequest(unit, { site: SITE })))
  const waits: number[] = []
  const before = processCpuMs(authority.pid)
  const start = performance.now()
  await Promise.all(
    fleet.map(async ({ keyPem }, index) => {
      const as = { cert: certificates[index] ?? '', key: keyPem }
      const body = next[index]?.request ?? ''
      const asking = { method: 'POST', headers: HEADERS, body, as }
      const answer = await askAuthority(port, authority.trust, '/.well-known/est/simplereenroll', asking)
      if (answer.status !== 200) throw new Error(`a renewal was answered ${answer.status}: ${answer.body}`)
      waits.push(performance.now() - start)
    }),
  )
  rows.push({
    label: `${FLEET} units renew at once`,
    figures: {
      'a second': (FLEET * 1000) / (performance.now() - start),
      'cpu ms each': (processCpuMs(authority.pid) - before) / FLEET,
      'p50 ms': quantile(waits, 0.5),
      'max ms': quantile(waits, 1),
    },
  })
  printReport(`enrol: ${ENROLMENTS} units, ${AT_ONCE} at once, a TLS connection each`, rows, [
    `The authority takes ${times(ours, least)} the processor time of the bare server: it also checks who asks, keeps the`,
    'certificate on the disk before it answers, and writes down what happened. The units share the two cores with it.',
  ])
} finally {
  for (const end of ends) await end()
  rmSync(folder, { recursive: true, force: true })
}

/** Does the work for every unit, some at once; gives the server's processor time for each, in milliseconds. */
async function measure(
  label: string,
  pid: number | undefined,
  work: (index: number) => Promise<void>,
): Promise<number> {
  const waits: number[] = []
  let given = 0
  const before = processCpuMs(pid)
  const start = performance.now()
  const worker = async () => {
    for (let index = given++; index < ENROLMENTS; index = given++) {
      const asked = performance.now()
      await work(index)
      waits.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const cpuMs = (processCpuMs(pid) - before) / ENROLMENTS
  const figures = {
    'a second': (ENROLMENTS * 1000) / (performance.now() - start),
    'cpu ms each': cpuMs,
    ...{ 'p50 ms': quantile(waits, 0.5), 'max ms': quantile(waits, 1) },
  }
  rows.push({ label, figures })
  return cpuMs
}

async function startBare(): Promise<{ port: number; child: ChildProcess; stop(): Promise<void> }> {
  const { certificateFile, keyFile } = await authority.issue('broker', ['localhost', '127.0.0.1'])
  const main = fileURLToPath(new URL('measure/bare-authority-main.js', import.meta.url))
  const args = [main, certificateFile, keyFile, authority.issuing, authority.issuingKey, authority.passphrase]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string] // the event's own type
  return {
    port: Number(JSON.parse(line).port),
    child,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The processor time that a running process has taken so far; the kernel counts in ticks of 10 ms. */
function processCpuMs(pid: number | undefined): number {
  const usage = pid === undefined ? undefined : readProcess(pid)
  if (usage === undefined) throw new Error(`process ${pid} is gone`)
  return usage.cpuS * 1000
}
