import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVICE, MEDIA, PTZ } from './camera-simulator-namespaces.ts'
import { camera, clock, postSoap, soapRequest } from './camera-simulator-party.ts'

/**
 * Answers of real devices, recorded in the tests of npm onvif 0.7.4: ours must be made of the same elements, in the same
 * namespaces, one inside the other as there. Fewer is no fault; more is, unless it stands here with its reason.
 */
const RECORDINGS = join(
  dirname(createRequire(import.meta.url).resolve('onvif-fixtures/package.json')),
  'test/serverMockup',
)

const cases: { action: string; recording: string; namespace: string; asks?: string; more?: string[] }[] = [
  {
    action: 'GetSystemDateAndTime',
    recording: 'GetSystemDateAndTime',
    namespace: DEVICE,
    // LocalDateTime: optional in the schema (onvif.xsd, SystemDateTime), sent by most cameras.
    more: ['LocalDateTime'],
  },
  { action: 'GetCapabilities', recording: 'GetCapabilities', namespace: DEVICE },
  { action: 'GetServices', recording: 'GetServices', namespace: DEVICE },
  { action: 'GetServiceCapabilities', recording: 'GetServiceCapabilities', namespace: DEVICE },
  { action: 'GetDeviceInformation', recording: 'GetDeviceInformation', namespace: DEVICE },
  { action: 'GetHostname', recording: 'GetHostname', namespace: DEVICE },
  { action: 'GetScopes', recording: 'GetScopes', namespace: DEVICE },
  { action: 'GetNetworkInterfaces', recording: 'device.GetNetworkInterfaces', namespace: DEVICE },
  { action: 'GetNetworkDefaultGateway', recording: 'device.GetNetworkDefaultGateway', namespace: DEVICE },
  { action: 'GetDNS', recording: 'device.GetDNS', namespace: DEVICE },
  { action: 'GetNTP', recording: 'device.GetNTP', namespace: DEVICE },
  { action: 'GetProfiles', recording: 'GetProfiles', namespace: MEDIA },
  { action: 'GetVideoSources', recording: 'media.GetVideoSources', namespace: MEDIA },
  { action: 'GetServiceCapabilities', recording: 'media.GetServiceCapabilities', namespace: MEDIA },
  {
    action: 'GetSnapshotUri',
    recording: 'GetSnapshotUri',
    namespace: MEDIA,
    asks: '<ProfileToken>main</ProfileToken>',
  },
  { action: 'GetStreamUri', recording: 'GetStreamUri', namespace: MEDIA, asks: '<ProfileToken>main</ProfileToken>' },
  { action: 'GetPresets', recording: 'ptz.GetPresets', namespace: PTZ },
  { action: 'GotoPreset', recording: 'ptz.GotoPreset', namespace: PTZ, asks: '<PresetToken>2</PresetToken>' },
  { action: 'GetNodes', recording: 'GetNodes', namespace: PTZ },
  { action: 'GetConfigurations', recording: 'GetConfigurations', namespace: PTZ },
]

const servicePath: Record<string, string> = {
  [DEVICE]: 'device_service',
  [MEDIA]: 'media_service',
  [PTZ]: 'ptz_service',
}

test.each(cases)(
  'answers $action ($recording) as real devices do',
  async ({ action, recording, namespace, asks, more = [] }) => {
    const presets = [
      { token: '1', name: 'amont' },
      { token: '2', name: 'aval' },
    ]
    const { url } = await camera({ presets })
    const service = url.replace('device_service', servicePath[namespace] ?? '')
    const { status, text } = await postSoap(service, soapRequest(action, namespace, clock.now(), asks))
    expect(status).toBe(200)
    const ours = placesIn(text)
    const theirs = placesIn(readFileSync(join(RECORDINGS, `${recording}.xml`), 'utf8'))
    expect([...ours].filter((place) => !theirs.has(place) && !more.some((name) => place.includes(`}${name}`)))).toEqual(
      [],
    )
    const answered = [...theirs].filter((place) => place.endsWith(`}${action}Response`))
    expect(answered).toHaveLength(1)
    expect(ours).toContain(answered[0])
  },
)

/**
 * Every place of a body where an element stands: the names of all elements around it, with their namespaces. The envelope
 * is left out: some recordings are of SOAP 1.1.
 */
function placesIn(text: string): Set<string> {
  const spaces = new Map(
    [...text.matchAll(/xmlns:([\w-]+)="([^"]*)"/g)].map(([, prefix = '', space = '']) => [prefix, space]),
  )
  const places = new Set<string>()
  const path: string[] = []
  for (const [, closing, prefix = '', name = '', empty] of text.matchAll(/<(\/?)([\w-]+):([\w.-]+)[^>]*?(\/?)>/g)) {
    if (closing === '/') {
      path.pop()
      continue
    }
    path.push(`{${spaces.get(prefix) ?? prefix}}${name}`)
    const body = path.findIndex((element) => element.endsWith('}Body'))
    if (body >= 0 && body < path.length - 1) places.add(path.slice(body + 1).join('/'))
    if (empty === '/') path.pop()
  }
  return places
}
