import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RoadSite } from '@vigie/config-schema/kinds-of-site'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { ClockState } from '@vigie/contract/clock'
import type { BootId, CameraId, ItemId, KeyId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import type { CameraState } from '@vigie/contract/state'
import { pino } from 'pino'
import { createPreviews } from '../commands/previews.ts'
import type { AskUnit } from '../commissioning/ask-unit.ts'
import { createCheckWatch } from '../commissioning/check-watch.ts'
import { createContentFiles } from '../commissioning/content-files.ts'
import { createReportMaker } from '../commissioning/report/make-report.ts'
import type { ReportSigner } from '../commissioning/report/sign-report.ts'
import { createPictureFiles, type PictureFiles } from '../frames/picture-files.ts'
import { createHealthWatch } from '../health-watch.ts'
import { createLive, LIVE_DEFAULTS, type LiveOptions } from '../live/live.ts'
import { readSitesNow } from '../live/sites-now.ts'
import { createSnapshots } from '../live/snapshot.ts'
import type { Role } from '../people/actions.ts'
import { signInTo } from '../people/signed-in.fixture.ts'
import type { SeriesReading } from '../series/series-store.ts'
import type { Sighting } from '../store/sightings.ts'
import { createStore, type Store } from '../store/store.ts'
import { createDevicePasses } from '../tickets/device-pass.ts'
import { createSellerWatch } from '../tickets/seller-watch.ts'
import { createTicketSigning } from '../tickets/ticket-signing.ts'
import { type AuthorityOffice, createAuthorityOffice } from '../units/authority-office.ts'
import { createAuthorityWatch } from '../units/authority-watch.ts'
import { createVault, VAULT_KEY_BYTES } from '../vault.ts'
import { createHttp, type HttpOptions } from './http.ts'
import { createPictureCache } from './picture-cache.ts'

/** A moment that all these tests begin at. */
export const NOON = Date.parse('2026-11-22T12:00:00.000Z')
export const MINUTE_MS = 60_000

/** A site of one camera with two presets, a picture a minute. */
export const siteDocument = (id = 'col-d-allos', unit = 'vg-0001'): RoadSite => ({
  id,
  unit,
  name: "Col d'Allos",
  road: 'D908',
  kind: 'col',
  latitude: 44.2989,
  longitude: 6.5953,
  altitudeM: 2247,
  wave: 2020,
  cameras: [
    {
      id: 'cam1',
      profile: 'vigie-simulator',
      schedule: { intervalS: 60 },
      picture: { widthPx: 1280, quality: 80 },
      presets: [
        { id: 'amont', label: 'vers Allos' },
        { id: 'aval', label: 'vers Barcelonnette' },
      ],
    },
  ],
})

const BOOT = '01J00000000000000000000000' as BootId // a ULID
/** One that a person can read. */
const ulidOf = (count: number) => `01J0000000000000000000${String(count).padStart(4, '0')}` as ItemId

export type TrialFrame = {
  site?: string
  preset?: string
  capturedAt?: number
  receivedAt?: number
  clock?: ClockState
  intervalS?: number
  doubts?: string
  picture?: Uint8Array
  /** Also keeps thumbnails, of other bytes. */
  thumbnails?: boolean
  /** Nobody has decoded it yet. */
  undeveloped?: boolean
  /** The row says it is there, and no file is. */
  withoutFile?: boolean
}

export type TrialCloud = Awaited<ReturnType<typeof openTrialCloud>>

/** The real store on a file, real picture files, the real HTTP side; only the clock stands still until it is told to go. */
export async function openTrialCloud(
  options: {
    sites?: SiteDocument[]
    live?: Partial<LiveOptions>
    http?: Partial<HttpOptions>
    pictureCacheBytes?: number
    office?: AuthorityOffice
    signer?: ReportSigner
    unit?: AskUnit
    vault?: null
  } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-http-'))
  const clock = { wallMs: NOON, now: () => clock.wallMs, monotonicMs: () => clock.wallMs }
  let count = 0
  const files = createPictureFiles(join(folder, 'frames'), { newName: () => `part${count++}` })
  const store = await createStore({ sqliteFile: join(folder, 'vigie.sqlite') })
  await store.configuration.seed(options.sites ?? [siteDocument()], NOON)
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const snapshots = createSnapshots({ readSites: () => readSitesNow(store), clock })
  const live = createLive(
    { events: store.liveEvents, snapshots, clock, random: () => 0.5, log },
    { ...LIVE_DEFAULTS, pollMs: 10, ...options.live },
  )
  const readings: SeriesReading[] = []
  const checks: Record<string, () => Promise<{ works: boolean; detail?: string }>> = {
    database: async () => {
      await store.check()
      return { works: true }
    },
  }
  const pictures = createPictureCache(
    {
      frames: store.frames,
      files,
      clock,
      onMissing: ({ id, sha256 }, size, err) => log.error({ event: 'picture.missing', frame: id, sha256, size, err }),
    },
    options.pictureCacheBytes,
  )
  const series = { read: async () => readings }
  const newId = () => ulidOf(count++)
  const newName = () => `name${count++}`
  const previews = createPreviews({ commands: store.commands, clock })
  const acceptance = createCheckWatch({ store, series, unit: options.unit ?? null, clock, log })
  const kept = createContentFiles(join(folder, 'commissioning'), { newName })
  const signer = options.signer ?? null
  const reports = createReportMaker({ store, series, pictures: files, files: kept, signerNow: () => signer, clock })
  const office = options.office ?? createAuthorityOffice(undefined)
  const vault = options.vault === null ? null : createVault(Buffer.alloc(VAULT_KEY_BYTES, 7))
  const http = createHttp(
    {
      store,
      pictures,
      series,
      snapshots,
      live,
      health: createHealthWatch({ checks, clock, log }),
      units: { office, watch: createAuthorityWatch({ office, certificates: store.unitCertificates, log }) },
      commissioning: {
        checks: acceptance,
        files: kept,
        reports,
        rescue: { series: { write: async () => [] }, pictures: files, isTimeCertain: () => true, onChange: () => {} },
      },
      previews,
      vault,
      tickets: {
        signing: createTicketSigning({ keys: store.ticketKeys, vault, clock }),
        passes: createDevicePasses({ keys: store.ticketKeys, vault, clock, newId }),
        sellers: createSellerWatch({ store, keysFolder: folder, onChange: () => {}, clock, log }),
        onImported: () => {},
        onCanceled: () => {},
        onPass: () => {},
      },
      configuration: {
        publisher: { ring: () => undefined },
        onChange: snapshots.outdate,
      },
      clock,
      newName,
      newId,
      log,
    },
    { publicOrigin: null, consoleFolder: join(folder, 'console'), ...options.http },
  )
  const stop = new AbortController()
  const running = live.run(stop.signal)

  return {
    folder,
    clock,
    files,
    pictures,
    http,
    live,
    store,
    lines,
    log,
    readings,
    checks,
    acceptance,
    /** Enters a person with a role, signed in, and gives the headers of its requests. */
    signIn: async (role: Role = 'administrator', sites: 'all' | string[] = 'all') => {
      count += 1
      return signInTo(store, { name: `${role}-${count}`, role, sites: sites as 'all' | SiteId[] }, clock.now()) // ids of the test
    },
    previews,
    /** Lets time pass; what was computed for the moment before is not given out any more. */
    pass: (ms: number) => {
      clock.wallMs += ms
    },
    /** Stores a frame, as the intake does, and lets it be seen at once: the clock stands still meanwhile. */
    storeFrame: async (frame: TrialFrame = {}) => {
      count += 1
      const stored = await storeFrame(store, files, clock.now(), count, frame)
      snapshots.outdate()
      return stored
    },
    /** The unit looks again and finds a view as in a frame. */
    seeUnchanged: async (frame: ItemId, { seenAt = clock.now(), ...change }: Partial<Sighting> = {}) => {
      count += 1
      const stored = await store.frames.frameById(frame)
      if (stored === undefined) throw new Error('see a frame that was stored')
      const { site, unit, camera, preset, maskVersion } = stored
      const id = ulidOf(count)
      const said = { clock: 'synchronised', receivedAt: clock.now(), intervalS: null, maskVersion } as const
      const sightings = [{ id, site, unit, camera, preset, frame, seenAt, ...said, ...change }]
      await store.items.storeItems({ frames: [], sightings, states: [], deadLetters: [], heard: [], at: clock.now() })
      snapshots.outdate()
    },
    /** The unit says how the camera of a site does. */
    sayState: async (camera: Partial<CameraState>, site = 'col-d-allos') => {
      count += 1
      const now = clock.now()
      const said = { condition: 'failing', since: new Date(now).toISOString(), failures: 1 } as const
      const state = {
        site: site as SiteId, // ids of this file's documents
        unit: 'vg-0001' as UnitId, // the same
        boot: BOOT,
        seq: count,
        at: now,
        cameras: [{ camera: 'cam1' as CameraId, ...said, ...camera }], // the same
      }
      await store.items.storeItems({ frames: [], states: [state], deadLetters: [], heard: [], at: now })
      snapshots.outdate()
    },
    close: async () => {
      stop.abort()
      await running
      await http.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function storeFrame(store: Store, files: PictureFiles, now: number, count: number, frame: TrialFrame) {
  const { site = 'col-d-allos', preset = 'amont', capturedAt = now, receivedAt = now, clock = 'synchronised' } = frame
  const picture = frame.picture ?? Buffer.from(`picture ${count}`)
  const sha256 = createHash('sha256').update(picture).digest('hex')
  const id = ulidOf(count)
  if (frame.withoutFile !== true) await files.keep(sha256, 'full', picture)
  const row = {
    id,
    site: site as SiteId, // ids of this file's documents
    unit: 'vg-0001' as UnitId, // the same
    camera: 'cam1' as CameraId, // the same
    preset: preset as PresetId, // the same
    capturedAt,
    receivedAt,
    clock,
    intervalS: frame.intervalS ?? null,
    doubts: frame.doubts ?? '',
    boot: BOOT,
    seq: count,
    mono: count,
    widthPx: 1280,
    heightPx: 720,
    bytes: picture.byteLength,
    sha256,
    maskVersion: 1,
    key: '0123456789abcdef' as KeyId, // has the pattern of a key id
  }
  const heard = [{ unit: row.unit, site: row.site }]
  await store.items.storeItems({ frames: [row], states: [], deadLetters: [], heard, at: now })
  if (frame.thumbnails === true) {
    await files.keep(sha256, 640, Buffer.from(`640 of ${count}`))
    await files.keep(sha256, 320, Buffer.from(`320 of ${count}`))
  }
  if (frame.undeveloped !== true) await store.frames.noteThumbnails([id], 'made')
  return { id, sha256, picture: Buffer.from(picture) }
}
