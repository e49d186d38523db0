import { describe, expect, test } from 'vitest'
import { DEVICE, MEDIA } from './camera-simulator-namespaces.ts'
import {
  Cam,
  camera,
  clock,
  Discovery,
  OnvifDevice,
  onvifOptions,
  PASSWORD,
  postSoap,
  run,
  soapRequest,
  USER,
} from './camera-simulator-party.ts'

/** Both clients draw a picture at most once: the drawing has tests of its own. */
const presets = [
  { token: '1', name: 'amont' },
  { token: '2', name: 'aval' },
]

describe('the camera simulator, by npm onvif', () => {
  test('connects, lists its profile, names the picture and the presets, turns', async () => {
    const simulator = await camera({ presets })
    const client = new Cam(onvifOptions(simulator))
    await client.connect()
    expect(client.profiles.map(({ $ }) => $.token)).toEqual(['main'])
    expect((await client.getSnapshotUri()).uri).toBe(simulator.snapshotUrl)
    expect((await client.getDeviceInformation())['model']).toBe('VG-SIM-1080')
    expect(Object.keys(await client.getPresets())).toEqual(['amont', 'aval'])
    await client.gotoPreset({ preset: '2' })
    await expect(client.gotoPreset({ preset: '7' })).rejects.toThrow('No such preset')
  })

  test('refuses a wrong password where it matters, and lets it pass where ONVIF asks for none', async () => {
    const client = new Cam(onvifOptions(await camera(), 'wrong'))
    await client.connect()
    // What the library makes of it: connected, without profiles. Real cameras do this to it too.
    expect(client.profiles).toEqual([])
    await expect(client.getDeviceInformation()).rejects.toThrow('Sender not authorized')
  })

  test.each(['MD5', 'SHA-256'] as const)('takes HTTP Digest with %s instead of a token', async (algorithm) => {
    const simulator = await camera({ soapAuth: 'http-digest', digestAlgorithms: [algorithm] })
    const client = new Cam({ ...onvifOptions(simulator), useWSSecurity: false })
    await client.connect()
    expect(client.profiles).toHaveLength(1)
    const wrong = new Cam({ ...onvifOptions(simulator, 'wrong'), useWSSecurity: false })
    await wrong.connect()
    expect(wrong.profiles).toEqual([])
  })

  test('is found on loopback when it answers probes there', async () => {
    const simulator = await camera({ discoveryAddress: '127.0.0.1' })
    // As a person would: again where a loaded machine was too late with its answer.
    const found = async () => {
      const cameras = await Discovery.probe({ device: 'lo', timeout: 1500, resolve: false })
      return cameras.map(({ probeMatches }) => probeMatches.probeMatch.XAddrs)
    }
    await expect.poll(found).toContain(simulator.url)
  })
})

describe('the camera simulator, by node-onvif', () => {
  test('connects and lists its profile with the address of the picture', async () => {
    const simulator = await camera({ presets })
    const device = new OnvifDevice({ xaddr: simulator.url, user: USER, pass: PASSWORD })
    expect(await device.init()).toMatchObject({ Manufacturer: 'Vigie', Model: 'VG-SIM-1080' })
    expect(device.getProfileList()).toMatchObject([{ token: 'main', snapshot: simulator.snapshotUrl }])
  })

  test('refuses a wrong password', async () => {
    const simulator = await camera()
    const device = new OnvifDevice({ xaddr: simulator.url, user: USER, pass: 'wrong' })
    await expect(device.init()).rejects.toThrow('Sender not authorized')
  })
})

describe('its clock', () => {
  test('is two hours ahead: both clients follow it, a token of our own time is refused', async () => {
    const ms = 2 * 3_600_000
    const simulator = await camera({ behaviour: [{ kind: 'clock-offset', ms }] })
    const client = new Cam(onvifOptions(simulator))
    await client.connect()
    expect(client.profiles).toHaveLength(1)
    await new OnvifDevice({ xaddr: simulator.url, user: USER, pass: PASSWORD }).init()
    const ask = (at: number) => postSoap(simulator.url, soapRequest('GetDeviceInformation', DEVICE, at))
    expect(await ask(clock.now())).toMatchObject({ status: 400, text: expect.stringContaining('ter:NotAuthorized') })
    expect(await ask(clock.now() + ms)).toMatchObject({ status: 200 })
  })

  test('a token is good once', async () => {
    const { url } = await camera()
    const request = soapRequest('GetDeviceInformation', DEVICE, clock.now())
    expect((await postSoap(url, request)).status).toBe(200)
    expect((await postSoap(url, request)).status).toBe(400)
  })
})

describe('SOAP that no client sends', () => {
  const deep = `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`
  test.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 400, 'ter:WellFormed'],
    ['no XML', 'GET / HTTP/1.1', 400, 'ter:WellFormed'],
    ['XML that does not end', '<s:Envelope xmlns:s="x"><s:Body>', 400, 'ter:WellFormed'],
    ['nothing', '', 400, 'ter:WellFormed'],
    ['an envelope with nothing in it', '<Envelope><Body/></Envelope>', 400, 'ter:WellFormed'],
    ['a well of elements', `<Envelope><Body>${deep}</Body></Envelope>`, 400, 'ter:WellFormed'],
    ['an action that is none', soapRequest('toString', DEVICE), 400, 'ter:ActionNotSupported'],
    ['an action of another service', soapRequest('GetProfiles', MEDIA), 400, 'ter:ActionNotSupported'],
    ['more than it reads', `<Envelope>${' '.repeat(70_000)}</Envelope>`, 413, 'too long'],
  ])('%s: a clear fault', async (_what, body, status, said) => {
    const { url } = await camera()
    expect(await postSoap(url, body)).toEqual({ status, text: expect.stringContaining(said) })
    expect((await postSoap(url, soapRequest('GetSystemDateAndTime', DEVICE))).status).toBe(200)
  })

  test('a profile that it does not have: a clear fault', async () => {
    const { url } = await camera()
    const asked = soapRequest('GetSnapshotUri', MEDIA, clock.now(), '<ProfileToken>other</ProfileToken>')
    const answer = await postSoap(url.replace('device_service', 'media_service'), asked)
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('ter:InvalidArgVal') })
  })
})

describe('the picture, by curl', () => {
  const curl = (url: string, way: string, password: string) =>
    run('curl', ['-s', way, '-u', `${USER}:${password}`, '-o', '/dev/null', '-w', '%{http_code}', url])
  test.each([
    ['digest', 'MD5', '--digest'],
    ['digest', 'SHA-256', '--digest'],
    ['basic', 'MD5', '--basic'],
  ] as const)('%s (%s): given to who knows the password, and to nobody else', async (pictureAuth, algorithm, way) => {
    const simulator = await camera({ pictureAuth, digestAlgorithms: [algorithm] })
    expect((await curl(simulator.snapshotUrl, way, PASSWORD)).output).toBe('200')
    expect((await curl(simulator.snapshotUrl, way, 'wrong')).output).toBe('401')
    await simulator.behave({ kind: 'wrong-password' })
    expect((await curl(simulator.snapshotUrl, way, PASSWORD)).output).toBe('401')
  })
})
