import type { PictureFiles, PictureSize } from '../frames/picture-files.ts'
import { makeThumbnails } from './make-thumbnails.ts'

/** A picture in all its sizes, decoded once. */
export type Developed = ReadonlyMap<PictureSize, Buffer>

/** Why there is none: its file is not there, or does not decode. */
export type Undeveloped = { why: 'missing' | 'undecodable'; detail: string }

/**
 * Reads a stored picture, decodes it to its last byte, and makes its thumbnails. A picture is not decoded before its
 * receipt, so nobody is shown one that has not been through here.
 */
export async function develop(sha256: string, pictures: Pick<PictureFiles, 'read'>): Promise<Developed | Undeveloped> {
  const full = await pictures.read(sha256, 'full')
  if (full === null) return { why: 'missing', detail: 'its file is not there' }
  try {
    const made = await makeThumbnails(full)
    return new Map<PictureSize, Buffer>([['full', full], ...made])
  } catch (error) {
    return { why: 'undecodable', detail: error instanceof Error ? error.message.slice(0, 200) : 'does not decode' }
  }
}

export const isDeveloped = (result: Developed | Undeveloped): result is Developed => !('why' in result)
