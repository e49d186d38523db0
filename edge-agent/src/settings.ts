import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import {
  readBoardProfiles,
  readCameraProfiles,
  readReaderProfiles,
  readSiteDocument,
} from '@vigie/config-schema/documents'
import { type Problem, ProblemsError } from '@vigie/config-schema/problems'
import type { CameraDocument } from '@vigie/config-schema/site-document'
import type { CameraId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import Type from 'typebox'
import type { CameraTarget } from './camera/camera-port.ts'
import type { View } from './frame/capture-frame.ts'
import type { UnitKey } from './frame/seal-frame.ts'
import { type Credential, readUnitKey } from './identity/credential.ts'
import type { Shown } from './identity/keep-identity.ts'
import { type LanePlan, type LaneProfiles, lanePlanOf, laneRefusal } from './lane/plan-lanes.ts'
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
  siteFile: Type.Optional(
    path("The site's document; without it a unit that enrols itself waits for its configuration"),
  ),
  profilesFolder: path('Folder of the camera profiles; those of readers and boards stand in folders beside it'),
  dataFolder: path('Where the outbox is kept; of this unit alone'),
  mqttUrl: Type.String({ pattern: '^mqtts?://', description: 'Address of the broker' }),
  caFile: Type.Optional(
    path('Authorities that are believed, in PEM; needed with mqtts, and to reach AUTHORITY_URL first'),
  ),
  authorityUrl: Type.Optional(
    Type.String({
      pattern: '^https://',
      description:
        'Address of the certificate authority: the unit makes its key, enrols with its claim, and renews itself',
    }),
  ),
  certificateFile: Type.Optional(
    path("The unit's certificate, in PEM, without AUTHORITY_URL: somebody else renews it"),
  ),
  keyFile: Type.Optional(path('Its private key, EC P-256 in PEM: for TLS, and to sign frames')),
  cameras: Type.Record(Type.String(), CameraAccess, {
    default: {},
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
  lanes: LanePlan
  /** Bytes of frames older than the newest of their view that may leave in an hour; null: as many as there are. */
  historyBytesPerHour: number | null
}

/** Everything that the settings name, read. */
export type UnitPlan = SitePlan & {
  site: SiteId
  unit: UnitId
  profiles: ReadonlyMap<string, CameraProfile>
  laneProfiles: LaneProfiles
  /** How the box itself knows its cameras. */
  targets: ReadonlyMap<string, CameraTarget>
  key: UnitKey
  credential: Credential
}

/**
 * Reads the files that the settings name. Throws one ProblemsError with every problem, by setting and never by content.
 * @param shown by what a unit that enrols itself is known: it says who and where the unit is, whatever the files say
 */
export function readUnitPlan(settings: AgentSettings, shown: Shown | null = null): UnitPlan {
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

  /** A file that must be named. */
  function needed(place: 'siteFile' | 'certificateFile' | 'keyFile' | 'caFile', why = ''): string | undefined {
    if (settings[place] === undefined) problems.push({ place, message: `is missing${why}` })
    return settings[place]
  }
  const textOf = (place: 'certificateFile' | 'keyFile') => {
    const file = needed(place)
    return file === undefined ? undefined : text(place, file)
  }

  const siteFile = shown ? settings.siteFile : needed('siteFile')
  const document = siteFile === undefined ? undefined : reading('siteFile', () => readSiteDocument(siteFile))
  // A box that now stands elsewhere has nothing to do with the document that it was prepared with.
  const site = shown && document?.id !== shown.bearer.site ? undefined : document
  const profiles = reading('profilesFolder', () => readCameraProfiles(settings.profilesFolder))
  const laneProfiles = reading('profilesFolder', () => readLaneProfiles(settings.profilesFolder))
  const certificates = shown?.credential.certificates ?? textOf('certificateFile')
  const keyText = shown?.credential.key ?? textOf('keyFile')
  const key = keyText && reading('keyFile', () => unitKey(keyText))
  const caFile = !shown && isOverTls(settings) ? needed('caFile', ', with mqtts') : undefined
  const authorities = shown?.credential.authorities ?? (caFile ? text('caFile', caFile) : '')

  const targets = new Map<string, CameraTarget>()
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
    targets.set(document.id, target)
    return [{ id: document.id as CameraId, document, profile, target }] // the document's patterns are the contract's
  })
  for (const id of Object.keys(settings.cameras)) {
    if (site && !site.cameras.some((camera) => camera.id === id)) {
      problems.push({ place: `cameras.${id}`, message: 'is no camera of this site' })
    }
  }

  const who = shown?.bearer ?? (site && { site: site.id as SiteId, unit: site.unit as UnitId }) // of the contract's patterns
  const lanes = lanePlanOf(site ?? {}, who?.unit ?? '')
  const unfit = laneProfiles ? laneRefusal(lanes.lanes, laneProfiles) : null
  if (unfit) problems.push({ place: 'siteFile', message: unfit.about })
  if (
    problems.length > 0 ||
    !who ||
    !profiles ||
    !laneProfiles ||
    !certificates ||
    !keyText ||
    !key ||
    authorities === undefined
  ) {
    throw new ProblemsError('What the settings name has problems', problems)
  }
  return {
    ...{ site: who.site, unit: who.unit, cameras, key, credential: { key: keyText, certificates, authorities } },
    ...{ profiles, laneProfiles, lanes, targets, historyBytesPerHour: site?.budget?.historyBytesPerHour ?? null },
    place: site ? { latitude: site.latitude, longitude: site.longitude } : MIDDLE_OF_THE_DEPARTEMENT,
  }
}

/** A box that was set up before there were lanes has no such folders. */
function readLaneProfiles(camerasFolder: string): LaneProfiles {
  const [readers, boards] = [join(camerasFolder, '../readers'), join(camerasFolder, '../boards')]
  return {
    readers: existsSync(readers) ? readReaderProfiles(readers) : new Map(),
    boards: existsSync(boards) ? readBoardProfiles(boards) : new Map(),
  }
}

/** Where the sun is taken to stand for a unit that has no document yet, and no camera to look by it. */
const MIDDLE_OF_THE_DEPARTEMENT: Place = { latitude: 44.1, longitude: 6.2 }

const isOverTls = ({ mqttUrl }: AgentSettings) => mqttUrl.startsWith('mqtts:')

/** How the broker is reached by a unit that shows this. */
export function brokerAddress(settings: AgentSettings, { key, certificates, authorities }: Credential): BrokerAddress {
  const tls = isOverTls(settings) ? { ca: authorities, certificate: certificates, key } : null
  return { url: settings.mqttUrl, tls, keepAliveS: settings.keepAliveS }
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
  const key = readUnitKey(pem)
  if (key === null) throw new ProblemsError('key', [{ place: '(document)', message: 'is no EC P-256 key' }])
  return key
}
