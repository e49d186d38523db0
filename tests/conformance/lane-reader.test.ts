import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ReaderProfile, ScanEnd } from '@vigie/config-schema/lane-profiles'
import { CALIBRATION_CODE } from '@vigie/contract/gate/calibration-code'
import { learnReader } from '@vigie/edge-agent/lane/reader/learn-reader'
import type { PortThere } from '@vigie/edge-agent/lane/reader/port-finding'
import { runReader } from '@vigie/edge-agent/lane/reader/run-reader'
import type { Scan } from '@vigie/edge-agent/lane/reader/scan'
import { listPorts, openLine, portBehind } from '@vigie/edge-agent/lane/serial-line'
import jsqr from 'jsqr'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reasonForNoTerminal, terminalFolder } from '../fakes/gate/pseudo-terminal.ts'
import { plugInReader, type ReaderManner } from '../fakes/gate/reader.ts'
import { until } from '../fixtures/until.ts'

const reason = reasonForNoTerminal()
if (reason !== null) console.log(`no reader is read over a pseudo-terminal: ${reason}`)

const time = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
}
const profile = (change: Partial<ReaderProfile> = {}): ReaderProfile => ({
  ...{ id: 'essai', maker: 'essai', model: 'essai', source: 'this test' },
  serial: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
  ends: 'cr',
  ...change,
})
const CODE = `VG1:${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.repeat(3)}XY`

let folder: ReturnType<typeof terminalFolder>
let stop: AbortController
beforeEach(() => {
  folder = terminalFolder()
  stop = new AbortController()
})
afterEach(() => {
  stop.abort()
  folder.remove()
})

/** Reads at a port until the test is over. */
function reading(of: ReaderProfile, port: string | undefined, ports: () => PortThere[] = () => []) {
  const scans: Scan[] = []
  const conditions: string[] = []
  const running = runReader(
    { profile: of, port },
    {
      ...{ time, openLine, portBehind, listPorts: async () => [...(await listPorts()), ...ports()] },
      onScan: (scan) => scans.push(scan),
      onCondition: ({ is }) => conditions.push(is),
      onOddity: () => undefined,
    },
    stop.signal,
  )
  return { scans, conditions, running, texts: () => scans.map((scan) => (scan.ok ? scan.text : scan.why)) }
}

async function plugged(manner: ReaderManner, of: ReaderProfile) {
  const reader = await plugInReader(folder.at('reader'), manner)
  const read = reading(of, reader.port)
  await until(() => read.conditions.includes('working'))
  return { reader, ...read }
}

describe.skipIf(reason !== null)('a reader on a line', () => {
  test.each<[ScanEnd, string]>([
    ['cr', '\r'],
    ['lf', '\n'],
    ['crlf', '\r\n'],
    ['cr', '\r\n'],
    ['etx', '\x03'],
    ['silence', ''],
  ])('L01: whose scans end by %s as %j gives each code once, and no empty one', async (ends, after) => {
    const { reader, texts } = await plugged({ before: ends === 'etx' ? '\x02' : '', after }, profile({ ends }))
    reader.show(CODE)
    await until(() => texts().length === 1)
    reader.show('BILLET-00002')
    await until(() => texts().length === 2)
    expect(texts()).toEqual([CODE, 'BILLET-00002'])
    await reader.unplug()
  })

  test('L03: gives the code without what the reader puts before it, byte by byte or several in one read', async () => {
    const { reader, scans } = await plugged({ after: '\r' }, profile())
    for (const byte of Buffer.from(`]Q1${CODE}\r`)) {
      reader.say(Uint8Array.of(byte))
      await setTimeout(1)
    }
    reader.say(']C0BILLET-00001\r\n]Q2\\000026BILLET-00002\r')
    await until(() => scans.length === 3)
    expect(scans).toEqual([
      { ok: true, text: CODE, symbology: 'Q1' },
      { ok: true, text: 'BILLET-00001', symbology: 'C0' },
      { ok: true, text: 'BILLET-00002', symbology: 'Q2' },
    ])
    await reader.unplug()
  })

  test('L08: held in front of it, a code is one presentation', async () => {
    const { reader, texts } = await plugged({ after: '\r' }, profile())
    for (let times = 0; times < 5; times += 1) reader.show(CODE)
    reader.show('BILLET-00002')
    await until(() => texts().length === 2)
    expect(texts()).toEqual([CODE, 'BILLET-00002'])
    await reader.unplug()
  })

  test('L10: ten thousand characters without an end are dropped, and the next code is read', async () => {
    const { reader, texts } = await plugged({ after: '\r' }, profile())
    reader.say('A'.repeat(10_000))
    await until(() => texts().length === 1 && reader.said() === 10_000)
    await setTimeout(200) // the silence between two visitors
    reader.show(CODE)
    await until(() => texts().length === 2)
    expect(texts()).toEqual(['too-long', CODE])
    await reader.unplug()
  })

  test('L13: pulled out in the middle of a code and plugged in under another name, it is lost, then read again', async () => {
    const usb = { vendor: '0c2e', product: '0b61', serial: 'A7' }
    const there: PortThere[] = []
    const first = await plugInReader(folder.at('ttyUSB0'))
    there.push({ path: portBehind(first.port) ?? '', ...usb })
    const { conditions, texts } = reading(profile(), first.port, () => there)
    await until(() => conditions.includes('working'))
    first.say(CODE.slice(0, 60))
    first.say('\rBILLET-0')
    await until(() => texts().length === 1)
    await first.unplug()
    await until(() => conditions.includes('lost'))

    const second = await plugInReader(folder.at('ttyUSB7'))
    there.splice(0, 1, { path: second.port, ...usb })
    await until(() => conditions.length === 3)
    second.show('BILLET-00002')
    await until(() => texts().length === 2)
    expect(conditions).toEqual(['working', 'lost', 'working'])
    expect(texts()).toEqual([CODE.slice(0, 60), 'BILLET-00002'])
    await second.unplug()
  })

  test('L13: is seen to be gone at whatever moment it was pulled out, four times over', async () => {
    for (let times = 0; times < 4; times += 1) {
      const reader = await plugInReader(folder.at(`ttyUSB${times}`))
      let hear: () => void = () => undefined
      const isHeard = new Promise<void>((resolve) => {
        hear = resolve
      })
      const line = await openLine(reader.port, profile().serial, () => hear())
      reader.show(CODE)
      await isHeard
      await reader.unplug()
      await line.closed
    }
  })

  test('L16: is told to read if its model takes such orders, and is told nothing if not', async () => {
    const simple = await plugged({ after: '\r' }, profile())
    simple.reader.show(CODE)
    await until(() => simple.scans.length === 1)
    expect(simple.reader.heard()).toBe('')
    stop.abort()
    await simple.running
    await simple.reader.unplug()

    stop = new AbortController()
    const told = await plugged({ after: '\r' }, profile({ trigger: { on: '16540D', off: '16550D' } }))
    told.reader.show(CODE)
    await until(() => told.reader.heard() === '16540D16540D')
    stop.abort()
    await told.running
    await until(() => told.reader.heard() === '16540D16540D16550D')
    await told.reader.unplug()
  })
})

describe.skipIf(reason !== null)('the settings of a reader are learnt from the calibration code', () => {
  test('at the speed that fits, with its end, whatever noise it gave at those before', async () => {
    const reader = await plugInReader(folder.at('reader'), { before: ']Q1', after: '\r\n' })
    const steps: string[] = []
    const learnt = await learnReader(
      reader.port,
      {
        time,
        // A pseudo-terminal knows no speed: what is read at another than 19200 is spoilt here.
        openLine: (path, serial, onBytes) =>
          openLine(path, serial, (bytes) => onBytes(serial.baud === 19_200 ? bytes : bytes.map((byte) => ~byte))),
        onStep(step) {
          steps.push(step.kind === 'listening' ? String(step.baud) : step.scan.is)
          if (step.kind === 'listening') reader.show(CALIBRATION_CODE)
        },
      },
      stop.signal,
    )
    expect(learnt).toEqual({
      ...{ ok: true, ends: 'crlf' },
      serial: { baud: 19_200, dataBits: 8, parity: 'none', stopBits: 1 },
    })
    expect(steps).toEqual(['9600', 'noise', '115200', 'noise', '19200'])
    await reader.unplug()
  })

  test('by the command of a technician, who shows another code first', async () => {
    const reader = await plugInReader(folder.at('reader'), { after: '\n' })
    const program = fileURLToPath(new URL('../../edge-agent/dist/lane-main.js', import.meta.url))
    const command = spawn(process.execPath, [program, 'learn', reader.port], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [printed, remarks] = ['', '']
    command.stdout.on('data', (text) => (printed += text))
    command.stderr.on('data', (text) => (remarks += text))
    await until(() => remarks.includes('Présenter le code'))
    reader.show('3245678901234')
    await until(() => remarks.includes('Ce n’est pas le code'))
    reader.show(CALIBRATION_CODE)
    const [code] = await once(command, 'exit')
    expect(code).toBe(0)
    expect(JSON.parse(printed)).toMatchObject({ serial: { baud: 9600 }, ends: 'lf' })
    await reader.unplug()
  })
})

test('a port that is not there is told to the technician, who is not shown a stack', async () => {
  const program = fileURLToPath(new URL('../../edge-agent/dist/lane-main.js', import.meta.url))
  const command = spawn(process.execPath, [program, 'learn', folder.at('nothing')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let remarks = ''
  command.stderr.on('data', (text) => (remarks += text))
  const [code] = await once(command, 'close')
  expect(code).toBe(1)
  expect(remarks).toContain('Ce port ne s’ouvre pas')
  expect(remarks).not.toContain('    at ')
})

test('the calibration code that is printed is the one that is learnt from', async () => {
  const picture = sharp(fileURLToPath(new URL('../../docs/pictures/calibration-code.png', import.meta.url)))
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  expect(jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe(CALIBRATION_CODE)
})

test('a reader behind a server of serial ports is read as one on a line', async () => {
  const server = createServer((socket) => socket.write('BILLET-00001\rBILLET-00002\r'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const { texts, running } = reading(profile(), `tcp://127.0.0.1:${address.port}`)
  await until(() => texts().length === 2)
  stop.abort()
  await running
  server.close()
})
