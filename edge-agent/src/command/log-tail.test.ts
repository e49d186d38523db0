import { RESULT_MAX_BYTES } from '@vigie/contract/command-result'
import { describe, expect, test } from 'vitest'
import { createLogTail, type LineLog } from './log-tail.ts'

const silent: LineLog = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const start = (log: LineLog = silent) => createLogTail(log, () => Date.parse('2026-11-25T12:00:00.000Z'))

describe('the log that is read from afar', () => {
  test('has what was written, with the fields that help', () => {
    const { log, read } = start()
    log.warn({ camera: 'cam1', preset: 'amont', fault: 'camera-timeout', detail: 'after 5000 ms' }, 'frame.failed')
    expect(read()).toEqual({
      of: 'logs',
      lines: [
        '2026-11-25T12:00:00.000Z warn frame.failed camera=cam1 preset=amont fault=camera-timeout detail=after 5000 ms',
      ],
      leftOut: 0,
    })
  })

  test('passes everything on to the log itself', () => {
    const written: unknown[] = []
    const { log } = start({ ...silent, info: (...given: unknown[]) => void written.push(given) } as LineLog)
    log.info({ session: 7 }, 'uplink.connected')
    expect(written).toEqual([[{ session: 7 }, 'uplink.connected']])
  })

  test('tells no secret, wherever somebody should have put one', () => {
    const { log, read } = start()
    const secrets = ['hunter2', 'eyJhbGciOiJFQ0RILUVTIn0'.repeat(4), 'MIGHAgEAMBMGByqGSM49']
    log.info({ password: 'hunter2', key: secrets[2], url: `http://vigie:hunter2@192.0.2.7/` }, 'camera.found')
    log.warn({ detail: 'http://vigie:hunter2@192.0.2.7/ refused' }, 'frame.failed')
    log.warn({ detail: 'password=hunter2 refused' }, 'frame.failed')
    log.warn({ detail: `with ${secrets[1]}` }, 'frame.failed')
    log.error({ detail: '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49' }, 'disk.failing')
    const told = JSON.stringify(read())
    for (const secret of secrets) expect(told).not.toContain(secret)
    expect(told).toContain('refused')
  })

  test('is as long as a result may be and no longer; the newest stays', () => {
    const { log, read } = start()
    for (let line = 0; line < 1_000; line += 1)
      log.info({ detail: 'é '.repeat(250), id: `line ${line}` }, 'agent.started')
    const told = read()
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(RESULT_MAX_BYTES)
    expect(told.leftOut).toBeGreaterThan(0)
    const { log: short, read: readShort } = start()
    for (let line = 0; line < 1_000; line += 1) short.info({ id: line }, 'agent.started')
    expect(readShort().lines.at(-1)).toContain('id=999')
    expect(readShort().lines).toHaveLength(200)
  })
})
