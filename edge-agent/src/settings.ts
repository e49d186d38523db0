import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import { readCameraProfiles, readSiteDocument } from '@vigie/config-schema/documents'
import { type Problem, ProblemsError } from '@vigie/config-schema/problems'
import type { CameraDocument } from '@vigie/config-schema/site-document'
import { keyIdOf } from '@vigie/contract/frame'
import type { CameraId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import Type from 'typebox'
import type { CameraTarget } from './camera/camera-port.ts'
import type { View } from './frame/capture-frame.ts'
import type { UnitKey } from './frame/seal-frame.ts'
import { FRAME_MAX_BYTES } from './outbox/class-rules.ts'
import type { Place } from './schedule/sun-height.ts'
import { tourOrder } from './schedule/tour.ts'
import { type BrokerAddress, KEEP_ALIVE_S } from './uplink/broker-connection.ts'

const path = (description: string) => Type.String({ minLength: 1, description })

/** How a camera is reached. Passwords stand in files of their own. */
const CameraAccess = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    user: Type.Optional(Type.String({ minLength: 1 })),
    passwordFile: Type.Optional(Type.String({ minLength: 1 })),
    /** Of an https camera: the authority that is believed, or the fingerprint of its own certificate. */
    authorityFile: Type.Optional(Type.String({ minLength: 1 })),
    fingerprint: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false },
)

/** The settings of one agent, from file or environment. */
export const AgentSettings = Type.Object({
  siteFile: path("The site's document"),
  profilesFolder: path('Folder of the camera profiles'),
  dataFolder: path('Where the outbox is kept; of this unit alone'),
  mqttUrl: Type.String({ pattern: '^mqtts?://', description: 'Address of the broker' }),
  caFile: Type.Optional(path("Authority of the broker's certificate, in PEM; needed with mqtts")),
  certificateFile: path("The unit's certificate, in PEM"),
  keyFile: path("The unit's private key, EC P-256 in PEM: for TLS, and to sign frames"),
  cameras: Type.Record(Type.String(), CameraAccess, {
    description:
      'How each camera is reached, by its id, in JSON: {"cam1":{"url":"http://…","user":"…","passwordFile":"…"}}',
  }),
  frameStoreMaxBytes: Type.Integer({
    minimum: 4 * 1024 * 1024,
    default: FRAME_MAX_BYTES,
    description: 'Bytes of frames that may wait on the disk; beyond, the oldest give way',
  }),
  keepAliveS: Type.Integer({
    minimum: 10,
    maximum: 600,
    default: KEEP_ALIVE_S,
    description: 'Seconds of silence before a sign of life; the broker calls a unit lost after 1.5 times as many',
  }),
})
export type AgentSettings = Type.Static<typeof AgentSettings>

/** One camera, with all that is known of it. */
export type PlannedCamera = { id: CameraId; document: CameraDocument; profile: CameraProfile; target: CameraTarget }

/** What a unit does at its site. It can be replaced while the agent runs. */
export type SitePlan = {
  /** Where it stands: the sun goes by it. */
  place: Place
  cameras: PlannedCamera[]
}

/** Everything that the settings name, read. */
export type UnitPlan = SitePlan & {
  site: SiteId
  unit: UnitId
  key: UnitKey
  certificate: string
  broker: BrokerAddress
}

/** Reads the files that the settings name. Throws one ProblemsError with every problem, by setting and never by content. */
export function readUnitPlan(settings: AgentSettings): UnitPlan {
  const problems: Problem[] = []
  /** Reads one; what is wrong with it is noted, and the rest is read all the same. */
  function reading<Value>(place: string, read: () => Value): Value | undefined {
    try {
      return read()
    } catch (error) {
      if (error instanceof ProblemsError) problems.push({ place, message: error.message })
      else problems.push({ place, message: 'cannot be read' })
      return undefined
    }
  }
  const text = (place: string, file: string) => reading(place, () => readFileSync(file, 'utf8'))

  const site = reading('siteFile', () => readSiteDocument(settings.siteFile))
  const profiles = reading('profilesFolder', () => readCameraProfiles(settings.profilesFolder))
  const certificate = text('certificateFile', settings.certificateFile)
  const keyText = text('keyFile', settings.keyFile)
  const key = keyText && reading('keyFile', () => unitKey(keyText))
  const needsTls = settings.mqttUrl.startsWith('mqtts:')
  if (needsTls && settings.caFile === undefined) problems.push({ place: 'caFile', message: 'is missing, with mqtts' })
  const ca = needsTls && settings.caFile ? text('caFile', settings.caFile) : undefined

  const cameras = (site?.cameras ?? []).flatMap((document): PlannedCamera[] => {
    const access = settings.cameras[document.id]
    const place = `cameras.${document.id}`
    if (!access) {
      problems.push({ place, message: 'is missing' })
      return []
    }
    const password = access.passwordFile ? text(`${place}.passwordFile`, access.passwordFile) : null
    const authority = access.authorityFile ? text(`${place}.authorityFile`, access.authorityFile) : undefined
    const profile = profiles?.get(document.profile)
    if (profiles && !profile) problems.push({ place: 'profilesFolder', message: `has no "${document.profile}"` })
    if (!profile || password === undefined) return []
    const trust = authority ? { authority } : access.fingerprint ? { fingerprint: access.fingerprint } : null
    const login = { user: access.user ?? null, password: password?.replace(/\r?\n$/, '') ?? null }
    const target = { url: access.url, ...login, ...(trust && { trust }) }
    return [{ id: document.id as CameraId, document, profile, target }] // the document's patterns are the contract's
  })
  for (const id of Object.keys(settings.cameras)) {
    if (site && !site.cameras.some((camera) => camera.id === id)) {
      problems.push({ place: `cameras.${id}`, message: 'is no camera of this site' })
    }
  }

  if (problems.length > 0 || !site || !certificate || !keyText || !key) {
    throw new ProblemsError('What the settings name has problems', problems)
  }
  const tls = ca === undefined ? null : { ca, certificate, key: keyText }
  return {
    site: site.id as SiteId, // the document's patterns are the contract's
    unit: site.unit as UnitId, // likewise
    place: { latitude: site.latitude, longitude: site.longitude },
    ...{ cameras, key, certificate, broker: { url: settings.mqttUrl, tls, keepAliveS: settings.keepAliveS } },
  }
}

/**
 * The views of one camera, in the order of its tour. A camera with a single one and without a tour is not turned: many that
 * stand fixed have no presets at all.
 */
export function viewsOf(
  { site, unit }: Pick<UnitPlan, 'site' | 'unit'>,
  { id, document, profile }: PlannedCamera,
): View[] {
  const isTurned = document.presets.length > 1 || document.tour !== undefined
  return tourOrder(document.presets, document.tour?.home).map((preset) => ({
    ...{ site, unit, camera: id, picture: document.picture, masks: preset.masks },
    checks: profile.checks ?? {},
    preset: preset.id as PresetId, // the document's patterns are the contract's
    turnTo: isTurned ? (preset.at ?? preset.id) : null,
  }))
}

function unitKey(pem: string): UnitKey {
  const privateKey: KeyObject = createPrivateKey(pem)
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new ProblemsError('key', [{ place: '(document)', message: 'is no EC P-256 key' }])
  }
  return { id: keyIdOf(createPublicKey(privateKey).export({ type: 'spki', format: 'der' })), privateKey }
}
