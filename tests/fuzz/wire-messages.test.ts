import { readFileSync } from 'node:fs'
import { GATE_DOCUMENT_MAX_BYTES, JSON_MESSAGE_MAX_BYTES, LEDGER_MESSAGE_MAX_BYTES } from '@vigie/contract/bounds'
import { decodeCommand, decodeProgress } from '@vigie/contract/command'
import type { Decoded } from '@vigie/contract/decode'
import { decodeFrame, SIGNATURE_BYTES } from '@vigie/contract/frame'
import { decodeCatalogue } from '@vigie/contract/gate/catalogue'
import { decodeFeedPage, decodeGateAsk } from '@vigie/contract/gate/feed'
import { decodeIssuedPage } from '@vigie/contract/gate/issued'
import { decodeHave, decodeLedgerMessage, decodeShared } from '@vigie/contract/gate/ledger-message'
import { decodePresence } from '@vigie/contract/presence'
import { decodePreview } from '@vigie/contract/preview'
import { decodeReceipt } from '@vigie/contract/receipt'
import { decodeState } from '@vigie/contract/state'
import { decodeTelemetry } from '@vigie/contract/telemetry'
import { decodeTelemetryItem } from '@vigie/contract/telemetry-batch'
import { decodeUnchanged } from '@vigie/contract/unchanged'
import { describe, expect, test } from 'vitest'
import { between, fuzz, randomBytes } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { mutateJson } from './mutate-json.ts'

const sample = (name: string) => readFileSync(new URL(`../../gateway-broker/contract/samples/${name}`, import.meta.url))

const DECODERS: Record<string, (bytes: Uint8Array) => Decoded<unknown>> = {
  'birth.json': decodePresence,
  'farewell.json': decodePresence,
  'state.json': decodeState,
  'unchanged.json': decodeUnchanged,
  'telemetry.json': decodeTelemetry,
  'telemetry-batch.json': decodeTelemetryItem,
  'receipt.json': decodeReceipt,
  'command.json': decodeCommand,
  'command-look.json': decodeCommand,
  'progress.json': decodeProgress,
  'ledger-in-museum.json': decodeLedgerMessage,
  'shared.json': decodeShared,
  'have.json': decodeHave,
  'gate-ask.json': decodeGateAsk,
  'catalogue.json': decodeCatalogue,
  'feed-page.json': decodeFeedPage,
  'issued-page.json': decodeIssuedPage,
  'progress-with-result.json': decodeProgress,
  'frame.bin': decodeFrame,
  'preview.bin': decodePreview,
}

/** Those that may be longer than the rest. */
const LONGER: Record<string, number> = {
  'catalogue.json': GATE_DOCUMENT_MAX_BYTES,
  'feed-page.json': GATE_DOCUMENT_MAX_BYTES,
  'issued-page.json': GATE_DOCUMENT_MAX_BYTES,
  'ledger-in-museum.json': LEDGER_MESSAGE_MAX_BYTES,
  'shared.json': LEDGER_MESSAGE_MAX_BYTES,
}

describe('a message made hostile', () => {
  test.each(Object.entries(DECODERS))('%s: decodes, or says why not; never throws', async (name, decode) => {
    const sound = sample(name)
    const outcomes = new Map<string, number>()
    await fuzz((random) => {
      const decoded = decode(hostile(name, sound, random))
      const outcome = decoded.ok ? 'decoded' : decoded.reason
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      if (decoded.ok) expectUsable(decoded.value)
      else expect(decoded.detail.length).toBeLessThan(1_000)
      expect('isPolluted' in {}).toBe(false)
    })
    console.log(name, Object.fromEntries(outcomes))
    // Most of it really is wrong, and some of it really gets past JSON.
    expect(outcomes.get('shape-wrong')).toBeGreaterThan(0)
  })

  test('one byte longer than any message may be is refused before it is parsed', () => {
    for (const [name, decode] of Object.entries(DECODERS)) {
      const long = Buffer.alloc((LONGER[name] ?? JSON_MESSAGE_MAX_BYTES) + 1, '[')
      expect(decode(long), name).toMatchObject({
        ok: false,
        reason: { 'frame.bin': 'not-a-frame', 'preview.bin': 'not-a-preview' }[name] ?? 'message-too-long',
      })
    }
  })
})

/** Half of it wrong as JSON, so that it reaches the schema; the rest wrong as bytes, and a little of it mere noise. */
function hostile(name: string, sound: Buffer, random: () => number): Uint8Array {
  const way = random()
  if (way < 0.05) return randomBytes(random, between(random, 0, 2_000))
  if (way < 0.5) return mutateBytes(sound, random)
  return name.endsWith('.bin') ? withHeader(sound, random) : Buffer.from(mutateJson(sound.toString(), random))
}

/** A frame or a preview whose layout is right and whose header is not. */
function withHeader(frame: Buffer, random: () => number): Buffer {
  const headerEnd = 8 + frame.readUInt32BE(4)
  const header = Buffer.from(mutateJson(frame.subarray(8, headerEnd).toString(), random))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.byteLength)
  const rest = random() < 0.9 ? frame.subarray(headerEnd) : frame.subarray(headerEnd, headerEnd + SIGNATURE_BYTES)
  return Buffer.concat([frame.subarray(0, 4), length, header, rest])
}

/** What decoded is as good as what a unit said: its times are times and its counts can be stored. */
function expectUsable(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  for (const [key, inner] of Object.entries(value)) {
    if (TIMES.has(key)) expect(Date.parse(String(inner))).not.toBeNaN()
    if (COUNTS.has(key)) expect(Number.isSafeInteger(inner), `${key}: ${inner}`).toBe(true)
    expectUsable(inner)
  }
}
const TIMES = new Set(['at', 'since', 'issuedAt', 'expiresAt'])
const COUNTS = new Set(['seq', 'mono', 'session', 'failures', 'widthPx', 'heightPx'])
