import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerOnvif, dateAndTime, type OnvifScript, plainCamera } from '@vigie/tests/fakes/http-peer/onvif-peer'
import { peerThat } from '@vigie/tests/fakes/http-peer/peer-for-test'
import { expect, onTestFinished, test } from 'vitest'
import { CAMERA_FAULTS } from '../camera/camera-fault.ts'
import { FAULT_WORDING } from './fault-wording.ts'
import { WIDTH } from './narrow-text.ts'
import type { ProbeOptions } from './probe-options.ts'
import { reportLines } from './report-text.ts'
import { runProbe } from './run-probe.ts'
import type { Terminal } from './terminal.ts'

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
const PASSWORD = 'mot de passe très secret'
const never = new AbortController().signal
const time = { now: () => 1_000_000, monotonicMs: () => performance.now(), wait: async () => undefined }

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vigie-probe-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** A camera at 1970-01-01T00:16:40Z, as our clock has it; `needsLogin`: it takes any token of this user. */
async function camera(changes: (base: string) => OnvifScript = () => ({}), needsLogin = false) {
  let script: OnvifScript = {}
  const peer = await peerThat((request, response) => {
    if (request.method === 'GET') response.end(JPEG)
    else if (needsLogin && !request.body.includes('>vigie</Username>')) {
      response.writeHead(400).end('<Envelope><Fault><Value>ter:NotAuthorized</Value></Fault></Envelope>')
    } else response.end(answerOnvif(script, request).xml)
  })
  script = { ...plainCamera(peer.url), GetSystemDateAndTime: dateAndTime(new Date(1_000_000)), ...changes(peer.url) }
  return { ...peer, url: `${peer.url}/device` }
}

/** Runs it; `answers` are typed when asked, by nobody when there are none. */
async function probe(url: string, options: Partial<ProbeOptions> = {}, { answers = [] as string[], env = {} } = {}) {
  const lines: string[] = []
  const asked: string[] = []
  const answer = async (question: string) => {
    asked.push(question)
    return answers[asked.length - 1] ?? ''
  }
  const terminal: Terminal = {
    print: (line) => lines.push(line),
    remark: (line) => lines.push(line),
    ask: answers.length === 0 ? null : { text: answer, secret: answer },
  }
  const all = { client: 'onvif' as const, deadline: 20, picture: false, ...options }
  const exitCode = await runProbe(url, all, { time, terminal, env }, never)
  return { exitCode, text: lines.join('\n'), lines, asked }
}

test('says what the camera is and can do, how long it took, and that all is well', async () => {
  const { exitCode, text } = await probe((await camera()).url)
  for (const part of [
    'Maker Model',
    '2.50',
    '00012345678901234567',
    "à l'heure",
    'main 1920×1080 H264',
    'amont, aval',
  ]) {
    expect(text).toContain(part)
  }
  expect(text).toMatch(/✓ horloge +\d+ ms/)
  expect(text).toMatch(/✓ image +\d+ ms/)
  expect(text).toContain('Tout va bien.')
  expect(exitCode).toBe(0)
})

test('keeps the picture where it is told, and says that it is not masked', async () => {
  const there = folder()
  const { exitCode, text } = await probe((await camera()).url, { picture: join(there, 'vue.jpg') })
  expect(readdirSync(there)).toEqual(['vue.jpg'])
  expect(text).toContain(join(there, 'vue.jpg'))
  expect(text).toContain("n'est pas masquée")
  expect(exitCode).toBe(0)
})

test('a picture that cannot be kept is something to mend', async () => {
  const { exitCode, text } = await probe((await camera()).url, { picture: join(folder(), 'nulle', 'part.jpg') })
  expect(text).toContain("le dossier n'existe pas")
  expect(exitCode).toBe(2)
})

test('a clock that is off is something to mend, not a failure', async () => {
  const there = await camera(() => ({ GetSystemDateAndTime: dateAndTime(new Date(1_000_000 - 7_200_000)) }))
  const { exitCode, text } = await probe(there.url)
  expect(text).toMatch(/Horloge +2 h de retard|Horloge +1 h 59 min de retard/)
  expect(text).toContain('NTP')
  expect(exitCode).toBe(2)
})

test('asks for a login when it is refused without one, and only then', async () => {
  const there = await camera(undefined, true)
  const { exitCode, asked, text } = await probe(there.url, {}, { answers: ['vigie', PASSWORD] })
  expect(asked).toEqual(['Compte ONVIF : ', 'Mot de passe : '])
  expect(exitCode).toBe(0)
  expect(text).not.toContain(PASSWORD)
  expect((await probe((await camera()).url, {}, { answers: ['vigie', PASSWORD] })).asked).toEqual([])
})

test('takes the password from a file, from the environment, or asks for it', async () => {
  const there = await camera(undefined, true)
  const passwordFile = join(folder(), 'password')
  writeFileSync(passwordFile, `${PASSWORD}\n`)
  expect((await probe(there.url, { user: 'vigie', passwordFile })).exitCode).toBe(0)
  const env = { VIGIE_CAMERA_USER: 'vigie', VIGIE_CAMERA_PASSWORD: PASSWORD }
  expect((await probe(there.url, {}, { env })).exitCode).toBe(0)
  const { exitCode, asked } = await probe(there.url, { user: 'vigie' }, { answers: [PASSWORD] })
  expect(asked).toEqual(['Mot de passe de vigie : '])
  expect(exitCode).toBe(0)
})

test('says how to give a password when nobody can be asked', async () => {
  await expect(probe('http://127.0.0.1:1', { user: 'vigie' })).rejects.toThrow('--password-file')
  const refused = await probe((await camera(undefined, true)).url)
  expect(refused.text).toContain('--user')
  expect(refused.exitCode).toBe(1)
})

test('a camera that is not there is said to be so, with what to do', async () => {
  const gone = await camera()
  await gone.close()
  const { exitCode, text } = await probe(gone.url.replace('http://', ''))
  expect(text).toContain('✗ horloge')
  expect(text).toContain('Aucune connexion')
  expect(text).toContain("l'appareil est là")
  expect(exitCode).toBe(1)
})

test('gives up at its deadline', async () => {
  const silent = await peerThat(() => undefined)
  const { exitCode, text } = await probe(silent.url, { deadline: 0.2 })
  expect(text).toContain('[camera-timeout')
  expect(exitCode).toBe(1)
  await silent.silent()
})

test('speaks to machines in one line of JSON and nothing else', async () => {
  const { lines } = await probe((await camera()).url, { json: true })
  expect(lines).toHaveLength(1)
  const told: unknown = JSON.parse(lines[0] ?? '')
  expect(told).toMatchObject({ camera: { maker: 'Maker' }, picture: { bytes: 7, file: null }, findings: [] })
})

test('has words for every fault, and lines that fit a telephone', () => {
  expect(Object.keys(FAULT_WORDING).sort()).toEqual(Object.keys(CAMERA_FAULTS).sort())
  const findings = Object.keys(FAULT_WORDING).map((code) => ({
    code: code as keyof typeof FAULT_WORDING,
    detail: null,
  })) // its keys
  const lines = reportLines({ steps: [], camera: null, picture: null, findings }, null)
  expect(lines.filter((line) => line.length > WIDTH)).toEqual([])
})
