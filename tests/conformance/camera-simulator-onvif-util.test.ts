import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { run } from './camera-simulator-party.ts'

/**
 * Debian's onvif-util (package onvif-tools) is a client in C that nobody of us wrote. It finds a camera by WS-Discovery
 * only, and probes whatever network it sits in: so each side gets a network namespace of its own, joined by a cable.
 */
const PROGRAM = join(import.meta.dirname, '../dist/fakes/camera/main.js')
const CAMERA = '10.99.0.1'
const reason = reasonToSkip()
if (reason !== undefined) console.log(`onvif-util is not asked: ${reason}`)

test.skipIf(reason !== undefined)(
  "Debian's onvif-util finds the camera, logs in and reads it, and is refused with a wrong password",
  async () => {
    const { cameraSpace, clientSpace } = await twoNamespaces()
    await cameraIn(cameraSpace)
    const util = (password: string, commands: string[]) =>
      run('ip', [
        'netns',
        'exec',
        clientSpace,
        'sh',
        '-c',
        `printf '%s\\n' ${commands.map((one) => `'${one}'`).join(' ')} quit | timeout 45 onvif-util -u vigie -p ${password} ${CAMERA}`,
      ])

    const questions = ['get rtsp', 'get time', 'get profiles', 'get network']
    let told = await util('secret', questions)
    // A token that it makes twice within a second is refused the second time, as it must be: once in some dozens of runs.
    if (told.output.includes('ter:NotAuthorized')) told = await util('secret', questions)
    expect(told.output).toContain('successfully connected to host')
    expect(told.output).toMatch(/name: +Larche VG-SIM-1080/)
    expect(told.output).toContain(`rtsp://${CAMERA}/main`)
    expect(told.output).toMatch(/Time Offset: -?[01] seconds/)
    expect(told.output).toContain('Token 0: main')
    expect(told.output).not.toContain('ERROR')

    expect((await util('wrong', ['get rtsp'])).output).toContain('ter:NotAuthorized')
  },
)

function reasonToSkip(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  for (const tool of ['/usr/bin/onvif-util', '/usr/sbin/ip']) if (!existsSync(tool)) return `${tool} is not installed`
  if (!existsSync(PROGRAM)) return 'the tests are not built (npm run build)'
  return undefined
}

async function ip(...words: string[]): Promise<void> {
  const { code, output } = await run('ip', words)
  if (code !== 0) throw new Error(`ip ${words.join(' ')}: ${output}`)
}

/** Two namespaces joined by a virtual cable; the client insists on a default route. */
async function twoNamespaces() {
  const [cameraSpace, clientSpace] = [`vigie-c-${process.pid}`, `vigie-u-${process.pid}`]
  for (const space of [cameraSpace, clientSpace]) {
    await ip('netns', 'add', space)
    onTestFinished(() => ip('netns', 'del', space))
  }
  await ip(
    'link',
    'add',
    'vigie0',
    'netns',
    cameraSpace,
    'type',
    'veth',
    'peer',
    'name',
    'vigie1',
    'netns',
    clientSpace,
  )
  for (const [space, device, own, other] of [
    [cameraSpace, 'vigie0', CAMERA, '10.99.0.2'],
    [clientSpace, 'vigie1', '10.99.0.2', CAMERA],
  ] as const) {
    await ip('-n', space, 'addr', 'add', `${own}/24`, 'dev', device)
    await ip('-n', space, 'link', 'set', 'lo', 'up')
    await ip('-n', space, 'link', 'set', device, 'up')
    await ip('-n', space, 'route', 'add', 'default', 'via', other)
  }
  return { cameraSpace, clientSpace }
}

/** Runs the simulator's own program in a namespace until the test ends. */
async function cameraIn(space: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-onvif-util-'))
  const file = join(folder, 'cameras.json')
  const site = { latitude: 44.42, longitude: 6.9, altitudeM: 1991, kind: 'col' }
  const access = {
    user: 'vigie',
    password: 'secret',
    listen: { host: '0.0.0.0', port: 8000 },
    discoveryAddress: CAMERA,
  }
  writeFileSync(file, JSON.stringify([{ name: 'Larche', site, seed: 1, ...access }]))
  const process_ = spawn('ip', ['netns', 'exec', space, process.execPath, PROGRAM, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    const ended = new Promise((resolve) => process_.once('exit', resolve))
    process_.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  })
  await listening(process_)
}

async function listening({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) throw new Error('the camera was started without a pipe')
  // By lines: read by itself, the pipe would be closed with the loop, and the camera die of the next that it says.
  for await (const line of createInterface(stdout)) if (line.includes('cameras.listening')) return
  throw new Error('the camera ended before it listened')
}
