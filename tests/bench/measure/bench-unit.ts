import { createPublicKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { type FrameHeader, keyIdOf, pictureSha256, sealFrame } from '@vigie/contract/frame'
import type { CameraId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { decodeReceipt } from '@vigie/contract/receipt'
import { buildTopic, unitSubscriptions } from '@vigie/contract/topics'
import mqtt from 'mqtt'
import { ulid } from 'ulid'
import type { BareCloud } from './cloud.ts'

/** A unit without camera or disk: it says what it is told to and hears its receipts. */
export type BenchUnit = {
  /** A frame as this unit would seal it now. */
  frameOf(picture: Uint8Array, size: { widthPx: number; heightPx: number }): { id: string; message: Uint8Array }
  publish(message: Uint8Array): void
  /** Called with the ids of each receipt that says `stored`; anything else is an error and ends the benchmark. */
  onStored(told: (ids: string[]) => void): void
  close(): Promise<void>
}

/** Connects as the unit of one site of the reference fleet and says its birth. */
export async function connectBenchUnit(cloud: BareCloud, site: SiteDocument): Promise<BenchUnit> {
  const { certificateFile, keyFile } = cloud.authority.unit(site.unit)
  const certificate = readFileSync(certificateFile)
  const unitKey = cloud.keyOf(site.unit)
  const [camera] = site.cameras
  const [preset] = camera?.presets ?? []
  if (camera === undefined || preset?.masks === undefined) throw new Error(`${site.id} has no view with masks`)
  // The documents were checked when they were read; their ids have the patterns of the contract.
  const address = { site: site.id as SiteId, unit: site.unit as UnitId }
  const view = { camera: camera.id as CameraId, preset: preset.id as PresetId }
  const maskVersion = preset.masks.version
  const boot = ulid()
  let seq = 0
  const envelope = () => ({
    v: 1 as const,
    id: ulid(),
    unit: site.unit,
    boot,
    seq: seq++,
    at: new Date().toISOString(),
    mono: Math.round(performance.now()),
    clock: 'synchronised' as const,
  })

  const client = await mqtt.connectAsync(cloud.mqttUrl, {
    protocolVersion: 4,
    clientId: site.unit,
    reconnectPeriod: 0,
    ca: readFileSync(cloud.authority.caFile),
    cert: certificate,
    key: readFileSync(keyFile),
  })
  await client.subscribeAsync(unitSubscriptions(address))
  const birth = { ...envelope(), online: true, session: 1, certificate: certificate.toString(), software: 'bench' }
  await client.publishAsync(buildTopic({ ...address, what: 'presence' }), JSON.stringify(birth), {
    qos: 1,
    retain: true,
  })
  const topic = buildTopic({ ...address, what: 'frame', ...view })
  const key = keyIdOf(createPublicKey(unitKey).export({ type: 'spki', format: 'der' }))

  return {
    frameOf(picture, { widthPx, heightPx }) {
      const header = {
        ...envelope(),
        kind: 'frame',
        site: site.id,
        ...view,
        widthPx,
        heightPx,
        bytes: picture.byteLength,
        sha256: pictureSha256(picture),
        maskVersion,
        key,
      } as FrameHeader // its ids were branded above, one by one
      return { id: header.id, message: sealFrame(header, picture, unitKey) }
    },
    publish: (message) => {
      client.publish(topic, Buffer.from(message.buffer, message.byteOffset, message.byteLength), { qos: 0 })
    },
    onStored: (told) =>
      client.on('message', (_topic, payload) => {
        const receipt = decodeReceipt(payload)
        if (!receipt.ok) throw new Error(`a receipt does not decode: ${receipt.detail}`)
        const other = receipt.value.items.find(({ outcome }) => outcome !== 'stored')
        if (other !== undefined) throw new Error(`a frame was ${other.outcome}: ${other.reason}`)
        told(receipt.value.items.map(({ id }) => id))
      }),
    close: () => client.endAsync(),
  }
}

/** The same picture with a comment of its own: another content, another hash, the same work to decode. */
export function variantOf(jpeg: Uint8Array): Uint8Array {
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0x12]), randomBytes(16)])
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)])
}
