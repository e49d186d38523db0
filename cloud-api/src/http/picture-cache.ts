import type { Clock } from '@vigie/contract/clock'
import type { ItemId } from '@vigie/contract/ids'
import { LRUCache } from 'lru-cache'
import type { PictureFiles, PictureSize } from '../frames/picture-files.ts'
import { isPublic, publicUntil } from '../live/feature.ts'
import type { FrameStore, StoredFrame } from '../store/frames.ts'
import { type Developed, develop, isDeveloped } from '../thumbnails/develop.ts'
import { httpDate } from './conditional.ts'

/** A picture ready to be sent, its unchanging headers with it. */
export type HeldPicture = {
  bytes: Buffer
  etag: string
  capturedAt: number
  /** Wall time from which it is public no more. */
  publicUntil: number
  headers: Readonly<Record<string, string | number>>
}

/** Why there is no picture: never was one, its public life is over, or its file cannot be read although it should. */
export type NoPicture = 'unknown' | 'gone' | 'missing'

export type PictureCache = {
  /** What is in memory, by its address, at once; undefined when it must be read. */
  held(address: string): HeldPicture | 'gone' | undefined
  read(frame: ItemId, size: PictureSize): Promise<HeldPicture | NoPicture>
  /** Takes a picture that was just developed: its viewers are on their way. An old one, of a backlog, has none. */
  offer(frame: StoredFrame, developed: Developed): void
}

/** Where stored pictures are. */
export const PICTURES = '/api/v1/pictures'

/** The immutable address of a stored picture. */
export const addressOf = (frame: string, size: PictureSize): string => `${PICTURES}/${frame}/${size}.jpg`

/** The day's pictures that many people look at (41 sites × 3 sizes, 12 MB) several times over. */
export const PICTURE_CACHE_BYTES = 64 * 1024 * 1024
/** What an entry costs beyond its bytes, roughly: headers, key and the cache's own links. */
const ENTRY_BYTES = 2_048
/** A picture that was captured longer ago than this is not the newest of its view, as far as anybody plans. */
const OFFERED_YOUNGER_THAN_MS = 10 * 60_000

type Deps = {
  frames: Pick<FrameStore, 'frameById'>
  files: Pick<PictureFiles, 'read'>
  clock: Clock
  /** Told when a row says that a picture is there and it cannot be shown. */
  onMissing: (frame: StoredFrame, size: PictureSize, cause: unknown) => void
}

/**
 * Pictures by their immutable address, held in memory up to so many bytes, the longest unread going first. Who asks for a
 * cold picture at the same moment shares one reading of row and file.
 */
export function createPictureCache(
  { frames, files, clock, onMissing }: Deps,
  maxBytes = PICTURE_CACHE_BYTES,
): PictureCache {
  const held = new LRUCache<string, HeldPicture>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes }) => bytes.byteLength + ENTRY_BYTES,
  })
  const reading = new Map<string, Promise<HeldPicture | NoPicture>>()

  async function readCold(id: ItemId, size: PictureSize): Promise<HeldPicture | NoPicture> {
    const frame = await frames.frameById(id)
    if (frame === undefined) return 'unknown'
    if (!isPublic(frame, clock.now())) return 'gone'
    if (size !== 'full' && frame.thumbnails === 'impossible') return 'unknown'
    try {
      const bytes = frame.thumbnails === 'made' ? await files.read(frame.sha256, size) : null
      return bytes === null ? await developNow(frame, size) : hold(frame, size, bytes)
    } catch (cause) {
      onMissing(frame, size, cause)
      return 'missing'
    }
  }

  /** Who hears of a frame at once asks before its thumbnails are on the disk, and before anybody has decoded it. */
  async function developNow(frame: StoredFrame, size: PictureSize): Promise<HeldPicture> {
    const developed = await develop(frame.sha256, files)
    if (!isDeveloped(developed)) throw new Error(developed.detail)
    holdAll(frame, developed)
    const bytes = developed.get(size)
    if (bytes === undefined) throw new Error(`no thumbnail of ${size} px is made`)
    return hold(frame, size, bytes)
  }

  function hold(frame: StoredFrame, size: PictureSize, bytes: Buffer): HeldPicture {
    const picture = heldPicture(frame, size, bytes)
    held.set(addressOf(frame.id, size), picture)
    return picture
  }
  function holdAll(frame: StoredFrame, developed: Developed): void {
    for (const [size, bytes] of developed) hold(frame, size, bytes)
  }

  function heldNow(address: string): HeldPicture | 'gone' | undefined {
    const picture = held.get(address)
    if (picture === undefined) return undefined
    return clock.now() < picture.publicUntil ? picture : 'gone'
  }

  return {
    held: heldNow,
    offer: (frame, developed) => {
      if (clock.now() - frame.capturedAt < OFFERED_YOUNGER_THAN_MS) holdAll(frame, developed)
    },
    read: async (id, size) => {
      const address = addressOf(id, size)
      const hot = heldNow(address)
      if (hot !== undefined) return hot
      let cold = reading.get(address)
      if (cold === undefined) {
        cold = readCold(id, size).finally(() => reading.delete(address))
        reading.set(address, cold)
      }
      return cold
    },
  }
}

function heldPicture(frame: StoredFrame, size: PictureSize, bytes: Buffer): HeldPicture {
  const etag = `"sha256-${frame.sha256}${size === 'full' ? '' : `-${size}`}"`
  const headers = {
    'content-type': 'image/jpeg',
    'content-length': bytes.byteLength,
    etag,
    'last-modified': httpDate(frame.capturedAt),
  }
  return {
    bytes,
    etag,
    capturedAt: frame.capturedAt,
    publicUntil: publicUntil(frame),
    headers: Object.freeze(headers),
  }
}
