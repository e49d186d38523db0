import { createHash, createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeCommand, decodeProgress } from './command.ts'
import type { Decoded } from './decode.ts'
import { decodeDesiredSet } from './desired.ts'
import { decodeFrame, isSealIntact } from './frame.ts'
import { decodeCatalogue } from './gate/catalogue.ts'
import { chainStart, followChain } from './gate/chain.ts'
import { decodeFeedPage, decodeGateAsk } from './gate/feed.ts'
import { decodeIssuedPage } from './gate/issued.ts'
import { decodeGiven, decodeHave, decodeLedgerMessage, decodeShared, decodeWanted } from './gate/ledger-message.ts'
import { decodePresence } from './presence.ts'
import { decodePreview } from './preview.ts'
import { decodeReceipt } from './receipt.ts'
import { decodeState } from './state.ts'
import { decodeTelemetry } from './telemetry.ts'
import { decodeTelemetryItem } from './telemetry-batch.ts'
import { parseTopic } from './topics.ts'
import { decodeUnchanged } from './unchanged.ts'

const folder = new URL('../samples/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder))

const decoders: Record<string, (bytes: Uint8Array) => Decoded<unknown>> = {
  birth: decodePresence,
  'birth-of-machine': decodePresence,
  farewell: decodePresence,
  state: decodeState,
  'state-configured': decodeState,
  'state-turned-away': decodeState,
  'desired-set': decodeDesiredSet,
  unchanged: decodeUnchanged,
  telemetry: decodeTelemetry,
  'telemetry-batch': decodeTelemetryItem,
  receipt: decodeReceipt,
  command: decodeCommand,
  progress: decodeProgress,
  'command-look': decodeCommand,
  'progress-with-result': decodeProgress,
  ledger: decodeLedgerMessage,
  'ledger-in-museum': decodeLedgerMessage,
  have: decodeHave,
  shared: decodeShared,
  wanted: decodeWanted,
  given: decodeGiven,
  'gate-ask': decodeGateAsk,
  'gate-ask-of-issued': decodeGateAsk,
  'issued-page': decodeIssuedPage,
  'issued-page-with-rights': decodeIssuedPage,
  catalogue: decodeCatalogue,
  'feed-page': decodeFeedPage,
  'feed-page-used-elsewhere': decodeFeedPage,
  'state-of-lanes': decodeState,
  'command-lane': decodeCommand,
}

/**
 * The samples are the promise to units in the field: they were written when the version was, and must decode for as long
 * as it lives. A failing sample means a new version, not a new sample.
 */
describe('the golden samples of version 1', () => {
  test.each(Object.keys(decoders))('%s decodes, and still does with a field from the future', (name) => {
    const bytes = read(`${name}.json`)
    expect(decoders[name]?.(bytes)).toMatchObject({ ok: true })
    const later = Buffer.from(JSON.stringify({ ...JSON.parse(bytes.toString()), addedLater: { any: 'thing' } }))
    expect(decoders[name]?.(later)).toMatchObject({ ok: true })
  })

  test('the frame decodes and its seal holds under the sample key', () => {
    const frame = decodeFrame(read('frame.bin'))
    expect(frame.ok && isSealIntact(frame.value, createPublicKey(read('unit-public-key.pem')))).toBe(true)
  })

  test('the preview decodes', () => {
    expect(decodePreview(read('preview.bin'))).toMatchObject({ ok: true, value: { header: { camera: 'cam1' } } })
  })

  test('the rows of a gate are a chain, as they were written', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    for (const name of ['ledger-in-museum.json', 'shared.json']) {
      const { rows } = JSON.parse(read(name).toString())
      expect(followChain(rows, rows[0].origin, chainStart, sha256)).toMatchObject({ taken: 5, problem: null })
    }
  })

  test('every topic parses', () => {
    const topics = read('topics.txt').toString().trim().split('\n')
    expect(topics).toHaveLength(9)
    const later = read('topics-of-commands.txt').toString().trim().split('\n')
    const ofGates = read('topics-of-gates.txt').toString().trim().split('\n')
    const ofLost = read('topics-of-lost-ledgers.txt').toString().trim().split('\n')
    for (const topic of [...topics, ...later, ...ofGates, ...ofLost])
      expect(parseTopic(topic)).toMatchObject({ ok: true })
  })

  test('every sample is looked at', () => {
    const known = [
      ...Object.keys(decoders).map((name) => `${name}.json`),
      'frame.bin',
      'preview.bin',
      'unit-public-key.pem',
      'topics.txt',
      'topics-of-commands.txt',
      'topics-of-gates.txt',
      'topics-of-lost-ledgers.txt',
    ]
    expect(readdirSync(folder).sort()).toEqual(known.sort())
  })
})

test('a decoder names the place that is wrong, never its content', () => {
  const state = JSON.parse(read('state.json').toString())
  const refused = decodeState(Buffer.from(JSON.stringify({ ...state, unit: 'S3cret!' })))
  expect(refused).toMatchObject({ ok: false, reason: 'shape-wrong' })
  expect(JSON.stringify(refused)).toContain('/unit')
  expect(JSON.stringify(refused)).not.toContain('S3cret!')
})
