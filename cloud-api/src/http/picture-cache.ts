import { readFile } from 'node:fs/promises'
import type { Clock } from '@vigie/contract/clock'
import type { ItemId } from '@vigie/contract/ids'
import { LRUCache } from 'lru-cache'
import type { PictureFiles, PictureSize } from '../frames/picture-files.ts'
import { isPublic, publicUntil } from '../live/feature.ts'
import type { FrameStore, StoredFrame } from '../store/frames.ts'
import { makeThumbnails } from '../thumbnails/make-thumbnails.ts'
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
  /** What is in memory, at once; undefined when it must be read. */
  held(frame: ItemId, size: PictureSize): HeldPicture | 'gone' | undefined
  read(frame: ItemId, size: PictureSize): Promise<HeldPicture | NoPicture>
}

/** The day's pictures that many people look at (41 sites × 3 sizes, 12 MB) several times over. */
export const PICTURE_CACHE_BYTES = 64 * 1024 * 1024
/** What an entry costs beyond its bytes, roughly: headers, key and the cache's own links. */
const ENTRY_BYTES = 1_024

type Deps = {
  frames: Pick<FrameStore, 'frameById'>
  files: Pick<PictureFiles, 'pathOf'>
  clock: Clock
  /** Told when a row says that a file is there and it cannot be read. */
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
      return hold(frame, size, await bytesOf(frame, size))
    } catch (cause) {
      onMissing(frame, size, cause)
      return 'missing'
    }
  }

  /** Who hears of a frame at once asks before its thumbnails are on the disk: they are made from it, just for them. */
  async function bytesOf({ sha256, thumbnails }: StoredFrame, size: PictureSize): Promise<Buffer> {
    if (size === 'full' || thumbnails === 'made') return readFile(files.pathOf(sha256, size))
    const made = await makeThumbnails(await readFile(files.pathOf(sha256, 'full')))
    return made.get(size) ?? Promise.reject(new Error(`no thumbnail of ${size} px is made`))
  }

  function heldNow(id: ItemId, size: PictureSize): HeldPicture | 'gone' | undefined {
    const picture = held.get(`${id} ${size}`)
    if (picture === undefined) return undefined
    return clock.now() < picture.publicUntil ? picture : 'gone'
  }

  return {
    held: heldNow,
    read: async (id, size) => {
      const hot = heldNow(id, size)
      if (hot !== undefined) return hot
      const key = `${id} ${size}`
      let cold = reading.get(key)
      if (cold === undefined) {
        cold = readCold(id, size).finally(() => reading.delete(key))
        reading.set(key, cold)
      }
      const picture = await cold
      if (typeof picture !== 'string') held.set(key, picture)
      return picture
    },
  }
}

function hold(frame: StoredFrame, size: PictureSize, bytes: Buffer): HeldPicture {
  const etag = `"sha256-${frame.sha256}${size === 'full' ? '' : `-${size}`}"`
  return {
    bytes,
    etag,
    capturedAt: frame.capturedAt,
    publicUntil: publicUntil(frame),
    headers: Object.freeze({
      'content-type': 'image/jpeg',
      'content-length': bytes.byteLength,
      etag,
      'last-modified': httpDate(frame.capturedAt),
    }),
  }
}
