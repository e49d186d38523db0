import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Misbehaviour } from '../fakes/camera/misbehaviour.ts'
import { peerThat } from '../fakes/http-peer/peer-for-test.ts'
import { ADAPTERS, cameraAt, JPEG, scriptedCamera, simulatedCamera } from './camera-party.ts'

const never = new AbortController().signal
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const fault = (code: string) => ({ name: 'CameraFault', code })

describe.each(ADAPTERS)('a camera by $client', ({ client }) => {
  describe('a camera that misbehaves', () => {
    const cases: [Misbehaviour[], string][] = [
      [[{ kind: 'refuses-connections' }], 'camera-unreachable'],
      [[{ kind: 'hangs', on: 'soap' }], 'camera-timeout'],
      [[{ kind: 'hangs', on: 'picture' }], 'camera-timeout'],
      [[{ kind: 'drips', bytes: 1, everyMs: 5, on: 'soap' }], 'camera-timeout'],
      [[{ kind: 'drips', bytes: 1, everyMs: 1000, on: 'picture' }], 'camera-timeout'],
      [[{ kind: 'truncates', on: 'soap' }], 'camera-answer-broken'],
      [[{ kind: 'truncates', on: 'picture' }], 'camera-answer-broken'],
      [[{ kind: 'huge-answer', bytes: 200_000_000, on: 'soap' }], 'camera-answer-too-large'],
      [[{ kind: 'huge-answer', bytes: 200_000_000, on: 'picture' }], 'camera-answer-too-large'],
      [[{ kind: 'error-page' }], 'picture-not-jpeg'],
      [[{ kind: 'status', status: 503, on: 'picture' }], 'camera-refused'],
      [[{ kind: 'no-profiles' }], 'camera-no-profile'],
    ]
    test.each(cases)('%j: %s, and the next picture comes when it behaves again', async (misbehaviours, code) => {
      const there = await simulatedCamera({ behaviour: misbehaviours })
      const camera = cameraAt(
        client,
        there,
        code === 'camera-timeout' ? { conversationWithinMs: 3_000, answerWithinMs: 3_000 } : {},
      )
      const rssBefore = process.memoryUsage().rss
      await expect(camera.grabPicture(null, never)).rejects.toMatchObject(fault(code))
      expect(process.memoryUsage().rss - rssBefore).toBeLessThan(120_000_000)
      await there.behave()
      expect((await camera.grabPicture(null, never)).bytes).toEqual(JPEG)
    })

    test('answers well though slowly and under a wrong name: that is no fault', async () => {
      const there = await simulatedCamera({ behaviour: [{ kind: 'slow', ms: 50 }, { kind: 'text-plain' }] })
      expect((await cameraAt(client, there).grabPicture(null, never)).contentType).toBe('text/plain')
    })

    test('names another host: it is never called, and the picture comes from the configured one', async () => {
      const other = await peerThat((_, response) => response.end(JPEG))
      const { port } = new URL(other.url)
      const there = await simulatedCamera({ behaviour: [{ kind: 'names-another-host', host: `localhost:${port}` }] })
      const camera = cameraAt(client, there)
      expect((await camera.describe(never)).foreignHosts).toEqual(['localhost'])
      await camera.grabPicture('aval', never)
      expect(sha256((await camera.grabPicture(null, never)).bytes)).toBe(there.drawn.at(-1)?.sha256)
      expect(other.connections()).toBe(0)
    })

    const required = ['GetSystemDateAndTime', 'GetServices', 'GetCapabilities', 'GetDeviceInformation', 'GetProfiles']
    const optional = ['GetSnapshotUri', 'GetStreamUri', 'GetPresets']
    const oddities = [
      '<unclosed>',
      '',
      '<t:A/>'.repeat(20_000),
      `${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`,
      '<t:__proto__><t:x/></t:__proto__>',
      '<t:constructor/>',
    ]
    test.each([...required, ...optional])(
      'answers %s oddly: a fault or a value, soon, and no crash',
      async (action) => {
        for (const odd of oddities) {
          const there = await scriptedCamera(() => ({ [action]: odd }))
          const outcome = await cameraAt(client, there)
            .describe(never)
            .then(
              () => 'described',
              (error: unknown) => (error instanceof Error ? error.name : error),
            )
          expect(['described', 'CameraFault']).toContain(outcome)
          await there.silent()
        }
      },
    )
  })

  describe('cancelling', () => {
    test('is not failing: the reason comes back, and no socket is left', async () => {
      const reason = new Error('the agent stops')
      const cancelling = new AbortController()
      const there = await peerThat(() => cancelling.abort(reason))
      const camera = cameraAt(client, there)
      await expect(camera.describe(cancelling.signal)).rejects.toBe(reason)
      await expect(camera.grabPicture(null, cancelling.signal)).rejects.toBe(reason)
      await there.silent()
      expect(there.seen).toHaveLength(1)
    })

    test('ends a call that still waits for its turn at once, and never sends it', async () => {
      const cancelling = new AbortController()
      const there = await peerThat(() => cancelling.abort(new Error('changed my mind')))
      const camera = cameraAt(client, there)
      const first = camera.describe(never).catch((error: unknown) => error)
      await expect(camera.grabPicture(null, cancelling.signal)).rejects.toThrow('changed my mind')
      camera.close()
      expect(await first).toMatchObject({ name: 'AbortError' })
      await expect(camera.describe(never)).rejects.toMatchObject({ name: 'AbortError' })
      await there.silent()
      expect(there.connections()).toBe(1)
    })

    test('calls come one after the other: a preset is not left while its picture is taken', async () => {
      const there = await scriptedCamera()
      const camera = cameraAt(client, there)
      await Promise.all(['amont', 'aval'].map((preset) => camera.grabPicture(preset, never)))
      const order = there.asked().filter((name) => name === 'GotoPreset' || name === 'picture')
      expect(order).toEqual(['GotoPreset', 'picture', 'GotoPreset', 'picture'])
    })
  })
})
