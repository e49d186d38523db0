import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { ReaderProfile, ScanEnd } from '@vigie/config-schema/lane-profiles'
import type { PortThere } from '@vigie/edge-agent/lane/reader/port-finding'
import { runReader } from '@vigie/edge-agent/lane/reader/run-reader'
import type { Scan } from '@vigie/edge-agent/lane/reader/scan'
import { listPorts, openLine, portBehind } from '@vigie/edge-agent/lane/serial-line'
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
    await until(() => texts().length === 1)
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
