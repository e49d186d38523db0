import { PREVIEW_HEADER_MAX_BYTES } from '@vigie/contract/bounds'
import type { BootId, CameraId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { decodePreview } from '@vigie/contract/preview'
import { createFakeTime, knownTime } from '@vigie/tests/fakes/time'
import { monotonicFactory } from 'ulid'
import { afterEach, describe, expect, test } from 'vitest'
import { AgentFault } from '../faults.ts'
import { createTraffic } from '../health/traffic.ts'
import { createStamp } from '../stamp.ts'
import type { Line } from '../uplink/line.ts'
import { createPreviews } from './previews.ts'

const unit = 'vg-0001' as UnitId // of the contract's pattern
const newId = monotonicFactory() as () => ItemId // a ULID is what an ItemId is
const command = newId()
const picture = { jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0]), widthPx: 160, heightPx: 90 }
const aTurn = () => new Promise((resolve) => setImmediate(resolve))

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Previews over a line whose broker answers when the test says so. */
function start({ isOpen = true } = {}) {
  const sent: { camera: string; qos: number; retain: boolean }[] = []
  const answers: { ok(): void; lost(): void }[] = []
  const line: Pick<Line, 'isOpen' | 'publish'> = {
    isOpen: () => isOpen,
    publish: ({ payload, qos, retain }) => {
      const preview = decodePreview(payload)
      sent.push({ camera: preview.ok ? preview.value.header.camera : 'none', qos, retain })
      return new Promise((resolve, reject) => {
        answers.push({ ok: resolve, lost: () => reject(new AgentFault('broker-silent')) })
      })
    },
  }
  const time = createFakeTime({ nowMs: Date.parse('2026-11-25T12:00:00.000Z') })
  const waits = { ...time, wait: (_: number, signal: AbortSignal) => untilAborted(signal) }
  const traffic = createTraffic()
  const stamp = createStamp({ unit, boot: newId() as string as BootId }, { time: knownTime(time), newId }) // a ULID too
  const previews = createPreviews({
    site: 'col-d-allos' as SiteId,
    unit,
    time: waits,
    stamp,
    line: line as Line,
    traffic,
  }) // only these are used
  const stop = new AbortController()
  const running = previews.run(stop.signal)
  stops.push(async () => {
    stop.abort()
    for (const { ok } of answers) ok()
    await running
  })
  const offer = (camera: string) => previews.offer({ command, camera: camera as CameraId, picture, monoMs: 0 }) // of the contract's pattern
  return { sent, answers, offer, traffic, previews }
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

describe('previews on their way', () => {
  test('go one at a time, at the pace of the broker, and a newer one takes the place of one that waits', async () => {
    const { sent, answers, offer } = start()
    for (const camera of ['cam1', 'cam1', 'cam2', 'cam1']) offer(camera)
    await aTurn()
    expect(sent).toHaveLength(1)
    for (let turn = 0; turn < 6; turn += 1) {
      answers.at(-1)?.ok()
      await aTurn()
    }
    expect(sent.map(({ camera }) => camera)).toEqual(['cam2', 'cam1'])
    expect(sent.every(({ qos, retain }) => qos === 1 && !retain)).toBe(true)
  })

  test('are forgotten without a connection, and with the one that is lost', async () => {
    const cut = start({ isOpen: false })
    cut.offer('cam1')
    await aTurn()
    expect(cut.sent).toEqual([])
    const { sent, answers, offer } = start()
    offer('cam1')
    await aTurn()
    offer('cam2')
    answers[0]?.lost()
    await aTurn()
    await aTurn()
    expect(sent.map(({ camera }) => camera)).toEqual(['cam1'])
  })

  test('are counted, for the command and for the SIM', async () => {
    const { answers, offer, traffic, previews } = start()
    offer('cam1')
    await aTurn()
    answers[0]?.ok()
    await aTurn()
    const { sent, sentBytes } = previews.sent(command)
    expect(sent).toBe(1)
    expect(traffic.previewBytes()).toBe(sentBytes)
    expect(sentBytes).toBeLessThan(PREVIEW_HEADER_MAX_BYTES)
  })
})
