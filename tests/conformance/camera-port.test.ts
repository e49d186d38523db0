import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { readCameraProfiles } from '@vigie/config-schema/documents'
import { BLIND_WAIT_MS } from '@vigie/edge-agent/camera/turn-to-preset'
import { describe, expect, test } from 'vitest'
import type { CameraSimulatorOptions } from '../fakes/camera/simulator.ts'
import { dateAndTime, mediaProfile, moveStatus } from '../fakes/http-peer/onvif-peer.ts'
import { selfSigned } from '../fakes/http-peer/self-signed.ts'
import { ADAPTERS, cameraAt, type Gap, JPEG, scriptedCamera, simulatedCamera } from './camera-party.ts'

const never = new AbortController().signal
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const fault = (code: string) => ({ name: 'CameraFault', code })

test('every camera profile names a client that is held to this, and every client is named', () => {
  const profiles = readCameraProfiles(fileURLToPath(new URL('../../firmware-config/profiles/cameras', import.meta.url)))
  const named = new Set([...profiles.values()].map(({ client }) => client))
  expect([...named].sort()).toEqual(ADAPTERS.map(({ client }) => client).sort())
})

describe.each(ADAPTERS)('a camera by $client', ({ client, gaps }) => {
  describe('describe', () => {
    test('tells what the camera is and can do, and its clock', async () => {
      const there = await simulatedCamera({ behaviour: [{ kind: 'clock-offset', ms: -7_200_000 }] })
      const told = await cameraAt(client, there).describe(never)
      expect(told).toMatchObject({ maker: 'Vigie', model: 'VG-SIM-1080', firmware: '1.0.0', foreignHosts: [] })
      expect(told.clockOffsetMs).toBeGreaterThan(-7_202_000)
      expect(told.clockOffsetMs).toBeLessThan(-7_198_000)
      expect(told.profiles).toEqual([
        {
          ...{ token: 'main', name: 'main', widthPx: 1920, heightPx: 1080, encoding: 'H264' },
          snapshotUrl: there.snapshotUrl,
          streamUrl: 'rtsp://127.0.0.1/main',
        },
      ])
      const presets = ['amont', 'aval'].map((name, index) => ({ token: `${index + 1}`, name }))
      expect(told.presets).toEqual(presets)
    })

    test('gives numbers as they are written, and texts without what could move a cursor', async () => {
      const preset = '<t:Preset token="7"><t:Name>a\u009b2J b\u202e c</t:Name></t:Preset>'
      const there = await scriptedCamera(() => ({ GetPresets: preset }))
      const told = await cameraAt(client, there).describe(never)
      expect(told).toMatchObject({ firmware: '2.50', serial: '00012345678901234567' })
      expect(told.presets).toEqual([{ token: '7', name: 'a 2J b  c' }])
    })

    test.each(['2026-01-31T23:59:58Z', '1970-01-01T00:00:00Z', '2026-03-01T00:00:09Z'])(
      'reads the clock at %s',
      async (at) => {
        const there = await scriptedCamera(() => ({ GetSystemDateAndTime: dateAndTime(new Date(at)) }))
        const { clockOffsetMs } = await cameraAt(client, there).describe(never)
        expect(Math.abs(Date.parse(at) - Date.now() - (clockOffsetMs ?? Number.NaN))).toBeLessThan(5_000)
      },
    )

    test('bears a camera that refuses all it may refuse', async () => {
      const none = {
        GetStreamUri: undefined,
        GetPresets: undefined,
        GetSystemDateAndTime: undefined,
        GetServices: undefined,
      }
      const told = await cameraAt(client, await scriptedCamera(() => none)).describe(never)
      expect(told).toMatchObject({ clockOffsetMs: null, presets: [], profiles: [{ streamUrl: null }] })
    })

    test('two presets of one name are two', async () => {
      const preset = (token: string) => `<t:Preset token="${token}"><t:Name>vue</t:Name></t:Preset>`
      const told = await cameraAt(
        client,
        await scriptedCamera(() => ({ GetPresets: preset('1') + preset('2') })),
      ).describe(never)
      expect(told.presets.map(({ token }) => token)).toEqual(['1', '2'])
    })
  })

  describe('grabPicture', () => {
    test('gives the picture that the camera made, byte for byte', async () => {
      const there = await simulatedCamera()
      const { bytes, answerMs, contentType } = await cameraAt(client, there).grabPicture(null, never)
      expect(sha256(bytes)).toBe(there.drawn.at(-1)?.sha256)
      expect(contentType).toBe('image/jpeg')
      expect(answerMs).toBeGreaterThan(0)
    })

    test('asks a second time for nothing but the picture', async () => {
      const there = await scriptedCamera()
      const camera = cameraAt(client, there)
      await camera.grabPicture(null, never)
      const before = there.asked().length
      await camera.grabPicture(null, never)
      expect(there.asked().slice(before)).toEqual(['picture'])
    })

    test('takes the largest profile that has a picture', async () => {
      let asked = 0
      const there = await scriptedCamera((base) => ({
        GetProfiles:
          mediaProfile('small', 640, 360) + mediaProfile('none', 3840, 2160) + mediaProfile('main', 1920, 1080),
        // The first one asked about is the largest.
        GetSnapshotUri: () => (++asked === 1 ? '' : `<t:MediaUri><t:Uri>${base}/${asked}</t:Uri></t:MediaUri>`),
      }))
      await cameraAt(client, there).grabPicture(null, never)
      expect(
        there.seen
          .filter(({ body }) => body.includes('GetSnapshotUri'))
          .map(({ body }) => /(none|main)</.exec(body)?.[1]),
      ).toEqual(['none', 'main'])
      expect(there.seen.at(-1)?.path).toBe('/2')
    })

    test('turns to a preset by name or token, and waits blindly for a camera that does not tell', async () => {
      const waits: number[] = []
      const there = await scriptedCamera(() => ({ GetStatus: undefined }))
      const camera = cameraAt(client, there, { waits })
      for (const preset of ['aval', '2']) await camera.grabPicture(preset, never)
      const orders = there.seen.filter(({ body }) => body.includes('GotoPreset'))
      expect(orders.map(({ body }) => /PresetToken>([^<]*)</.exec(body)?.[1])).toEqual(['2', '2'])
      expect(waits).toContain(BLIND_WAIT_MS)
    })

    test('waits as long as the profile says: for a blind head, and for the picture to settle', async () => {
      for (const [status, expected] of [
        [undefined, 3_500],
        [moveStatus('IDLE'), 500],
      ] as const) {
        const waits: number[] = []
        const there = await scriptedCamera(() => ({ GetStatus: status }))
        const quirks = { turning: { blindWaitMs: 3_000, settleMs: 500 } }
        await cameraAt(client, there, { waits, quirks }).grabPicture('amont', never)
        expect(waits.at(-1)).toBe(expected)
        expect(waits).not.toContain(BLIND_WAIT_MS)
      }
    })

    test('nudges its head by parts of its range, reboots, and says so when it has no head', async () => {
      const presets = ['amont', 'aval'].map((name, index) => ({ token: `${index + 1}`, name }))
      const camera = cameraAt(client, await simulatedCamera({ presets }))
      await camera.nudge({ pan: 0.2, tilt: -0.1, zoom: 0 }, never)
      await camera.reboot(never)
      const fixed = cameraAt(client, await simulatedCamera({ presets: presets.slice(0, 1) }))
      await expect(fixed.nudge({ pan: 0.2, tilt: 0, zoom: 0 }, never)).rejects.toMatchObject(fault('camera-refused'))
    })

    test('of two presets with one name takes the one whose token is told, and guesses neither by name', async () => {
      const preset = (token: string) => `<t:Preset token="${token}"><t:Name>vue</t:Name></t:Preset>`
      const there = await scriptedCamera(() => ({ GetPresets: preset('1') + preset('2') }))
      const camera = cameraAt(client, there)
      await camera.grabPicture('2', never)
      const orders = there.seen.filter(({ body }) => body.includes('GotoPreset'))
      expect(orders.map(({ body }) => /PresetToken>([^<]*)</.exec(body)?.[1])).toEqual(['2'])
      await expect(camera.grabPicture('vue', never)).rejects.toMatchObject(fault('camera-preset-unknown'))
      expect(there.asked().filter((name) => name === 'picture')).toHaveLength(1)
    })

    test('waits for a zoom that moves while the head stands', async () => {
      const zooms = ['MOVING', 'IDLE']
      const there = await scriptedCamera(() => ({
        GetStatus: () =>
          `<t:PTZStatus><t:MoveStatus><t:PanTilt>IDLE</t:PanTilt><t:Zoom>${zooms.shift() ?? 'IDLE'}</t:Zoom></t:MoveStatus></t:PTZStatus>`,
      }))
      await cameraAt(client, there).grabPicture('amont', never)
      expect(there.asked().slice(-4)).toEqual(['GotoPreset', 'GetStatus', 'GetStatus', 'picture'])
    })

    test('takes no picture before the camera stands still', async () => {
      const statuses = ['MOVING', 'MOVING', 'IDLE']
      const there = await scriptedCamera(() => ({ GetStatus: () => moveStatus(statuses.shift() ?? 'IDLE') }))
      await cameraAt(client, there).grabPicture('amont', never)
      expect(there.asked().slice(-5)).toEqual(['GotoPreset', 'GetStatus', 'GetStatus', 'GetStatus', 'picture'])
    })

    test('takes none at all of a camera that never comes to rest, or has no such preset', async () => {
      const there = await scriptedCamera(() => ({ GetStatus: moveStatus('MOVING') }))
      const camera = cameraAt(client, there, { restsWithinMs: 30 })
      await expect(camera.grabPicture('amont', never)).rejects.toMatchObject(fault('camera-still-moving'))
      await expect(camera.grabPicture('nulle part', never)).rejects.toMatchObject(fault('camera-preset-unknown'))
      expect(there.asked()).not.toContain('picture')
    })
  })

  describe('login', () => {
    const ways: Partial<CameraSimulatorOptions>[] = [
      { soapAuth: 'ws-token', pictureAuth: 'digest', digestAlgorithms: ['MD5'] },
      { soapAuth: 'ws-token', pictureAuth: 'digest', digestAlgorithms: ['MD5', 'SHA-256'] },
      { soapAuth: 'http-digest', pictureAuth: 'digest', digestAlgorithms: ['SHA-256'] },
      { soapAuth: 'http-digest', pictureAuth: 'basic' },
      { soapAuth: 'none', pictureAuth: 'none' },
    ]
    test.each(ways)(
      'as $soapAuth and $pictureAuth $digestAlgorithms, names and clocks as odd as can be',
      async (way) => {
        const { digestAlgorithms = ['MD5'], ...auth } = way
        const options = { ...auth, digestAlgorithms: [...digestAlgorithms] }
        const there = await simulatedCamera({ ...options, behaviour: [{ kind: 'clock-offset', ms: 86_400_000 }] })
        const camera = cameraAt(client, there)
        expect((await camera.describe(never)).maker).toBe('Vigie')
        expect(sha256((await camera.grabPicture(null, never)).bytes)).toBe(there.drawn.at(-1)?.sha256)
      },
    )

    test.each(['ws-token', 'http-digest'] as const)(
      'is refused with a wrong password by %s, and works again with the right one',
      async (soapAuth) => {
        const there = await simulatedCamera({ soapAuth, behaviour: [{ kind: 'wrong-password' }] })
        const camera = cameraAt(client, there)
        await expect(camera.describe(never)).rejects.toMatchObject(fault('camera-refused-login'))
        await expect(camera.grabPicture(null, never)).rejects.toMatchObject(fault('camera-refused-login'))
        await there.behave()
        expect((await camera.grabPicture(null, never)).bytes).toEqual(JPEG)
      },
    )

    test('sends no password in clear, and none at all to a camera that asks for none', async () => {
      const there = await scriptedCamera()
      await cameraAt(client, there, { waits: [] }).grabPicture(null, never)
      expect(JSON.stringify(there.seen)).not.toContain('é')
      expect(there.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true)
    })
  })

  describe('https', () => {
    test('is believed by the fingerprint of its certificate, whatever its name', async () => {
      const { fingerprint, ...tls } = selfSigned('camera.local')
      const there = await scriptedCamera(() => ({}), tls)
      const { bytes } = await cameraAt(client, { ...there, trust: { fingerprint } }).grabPicture(null, never)
      expect(bytes).toEqual(JPEG)
    })

    test('is believed by an authority, if it bears the name of its host', async () => {
      const { fingerprint: _, ...tls } = selfSigned('127.0.0.1')
      const there = await scriptedCamera(() => ({}), tls)
      const { bytes } = await cameraAt(client, { ...there, trust: { authority: tls.cert } }).grabPicture(null, never)
      expect(bytes).toEqual(JPEG)
    })

    test.each(['no trust given', 'another fingerprint', 'another name'])(
      'is not believed with %s: not a byte is sent',
      async (why) => {
        const { fingerprint: _, ...tls } = selfSigned('camera.local')
        const there = await scriptedCamera(() => ({}), tls)
        const trusts = {
          'another fingerprint': { fingerprint: selfSigned('x').fingerprint },
          'another name': { authority: tls.cert },
        }
        const trust = why === 'no trust given' ? {} : { trust: trusts[why as keyof typeof trusts] } // one of the two others
        await expect(cameraAt(client, { url: there.url, ...trust }).describe(never)).rejects.toMatchObject(
          fault('camera-certificate-untrusted'),
        )
        expect(there.seen).toEqual([])
        await there.silent()
      },
    )
  })

  const proofs: Record<Gap, () => Promise<void>> = {
    async 'reads a token that looks like a decimal number as that number'() {
      const there = await scriptedCamera(() => ({ GetProfiles: mediaProfile('1.0', 640, 360) }))
      expect((await cameraAt(client, there).describe(never)).profiles[0]?.token).toBe('1')
    },
    async 'asks neither GetServices nor Media2'() {
      const there = await scriptedCamera(() => ({ GetCapabilities: undefined }))
      await expect(cameraAt(client, there).describe(never)).rejects.toMatchObject(fault('camera-refused'))
      expect(there.asked()).not.toContain('GetServices')
    },
  }
  test.each(gaps)('still has the gap that it %s', (gap) => proofs[gap]())
})
