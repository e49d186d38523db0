import { readFileSync } from 'node:fs'
import { createPreviews } from '@vigie/cloud-api/commands/previews'
import type { StoredCommand } from '@vigie/cloud-api/store/commands'
import { decodeCommand } from '@vigie/contract/command'
import type { CameraId, ItemId, SiteId } from '@vigie/contract/ids'
import type { Remembered } from '@vigie/edge-agent/command/command-memory'
import type { Doers } from '@vigie/edge-agent/command/doer'
import { NO_ORDERS } from '@vigie/edge-agent/command/orders'
import { createCommands } from '@vigie/edge-agent/command/take-commands'
import { monotonicFactory } from 'ulid'
import { expect, test } from 'vitest'
import { between, fuzz, pick, randomBytes } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { mutateJson } from './mutate-json.ts'

const NOW = Date.parse('2026-11-25T12:00:00.000Z')
const newId = monotonicFactory() as () => ItemId // a ULID is what an ItemId is
const utc = (ms: number) => new Date(ms).toISOString()

/** One of each name of the contract. */
const BODIES = [
  { name: 'frame-now', camera: 'cam1' },
  { name: 'watch-closely', minutes: 30 },
  { name: 'thrifty', on: true, until: utc(NOW + 3_600_000) },
  { name: 'reboot-camera', camera: 'cam1' },
  { name: 'restart-agent' },
  { name: 'resend-history' },
  { name: 'probe', what: 'link' },
  { name: 'find-cameras' },
  { name: 'look', camera: 'cam1', access: { url: 'http://192.0.2.7/' }, seconds: 60, perS: 2 },
  { name: 'drill', what: 'store-and-forward', seconds: 60 },
  { name: 'open-lane', lane: 'tripod1' },
  { name: 'free-rotation', lane: 'tripod1', on: true },
  { name: 'out-of-service', lane: 'tripod1', on: true },
]

test('a unit does nothing that is not in the list, whatever comes as a command, and answers it at most once', async () => {
  let done = 0
  let heard = 0
  let kept: Remembered = { taken: [], orders: NO_ORDERS }
  let current: Uint8Array = Buffer.alloc(0)
  const doer = {
    run(body: unknown) {
      // Only what decodes is done, and with nothing but what was decoded.
      const sound = decodeCommand(current)
      expect(sound.ok && sound.value.body).toEqual(body)
      done += 1
      return { step: 'done' as const }
    },
  }
  const doers = Object.fromEntries(BODIES.map(({ name }) => [name, doer])) as unknown as Doers // every name of the list
  const start = () =>
    createCommands({
      clock: { now: () => NOW, monotonicMs: () => 0, state: () => 'synchronised' },
      memory: {
        read: () => kept,
        write: (remembered) => {
          kept = remembered
        },
      },
      ...{ orders: { kept: () => NO_ORDERS }, doers },
      say: () => {
        heard += 1
      },
    })
  await fuzz((random) => {
    kept = { taken: [], orders: NO_ORDERS }
    heard = 0
    const sound = { v: 1, id: newId(), issuedAt: utc(NOW), expiresAt: utc(NOW + 60_000), body: pick(random, BODIES) }
    const text = JSON.stringify(sound)
    const way = random()
    if (way < 0.1) current = randomBytes(random, between(random, 0, 500))
    else if (way < 0.3) current = mutateBytes(Buffer.from(text), random)
    else if (way < 0.9) current = Buffer.from(mutateJson(text, random))
    else current = Buffer.from(text)
    start().take(current)
    // Accepted and its end; or one word of refusal; or nothing.
    expect(heard).toBeLessThanOrEqual(2)
  })
  expect(done).toBeGreaterThan(0)
})

test('the cloud shows nothing that nobody asked for, whatever comes as a preview', async () => {
  const sample = readFileSync(new URL('../../gateway-broker/contract/samples/preview.bin', import.meta.url))
  const previews = createPreviews({
    clock: { now: () => NOW, monotonicMs: () => 0 },
    // Somebody looks, but not by the command that these name.
    commands: { of: async () => ({ body: '{"name":"probe"}', askedBy: 'claire', askedAt: NOW }) as StoredCommand }, // what is looked at
  })
  const site = 'col-d-allos' as SiteId // of the contract's pattern
  await fuzz(async (random) => {
    const topic = random() < 0.8 ? 'vigie/1/col-d-allos/vg-0001/preview' : 'vigie/1/col-d-allos/vg-0002/preview'
    await previews.take(topic, mutateBytes(sample, random))
    const shown = await previews.next(
      { site, camera: 'cam1' as CameraId, askedBy: 'claire', after: null }, // likewise
      AbortSignal.abort(),
    )
    expect(shown).toBeNull()
  })
})
