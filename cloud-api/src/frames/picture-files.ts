import { readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { asFault, codeOf, fileFault, keepFiles, orNull } from '../durable-files.ts'

/** The widths that thumbnails are made in, in pixels: a phone's list, a phone's page. */
export const THUMBNAIL_WIDTHS = [640, 320] as const
export type ThumbnailWidth = (typeof THUMBNAIL_WIDTHS)[number]
export type PictureSize = 'full' | ThumbnailWidth

/**
 * Pictures, each once, named by the SHA-256 of its JPEG: frames/ab/cd/<sha256>.jpg, thumbnails beside it as
 * <sha256>-640.jpg and <sha256>-320.jpg. The thumbnails' names say whose they are, not their own content.
 */
export type PictureFiles = {
  pathOf(sha256: string, size: PictureSize): string
  /** Whether the file is there, in bytes; null when it is not. */
  sizeOf(sha256: string, size: PictureSize): Promise<number | null>
  /** The file's bytes; null when it is not there. */
  read(sha256: string, size: PictureSize): Promise<Buffer | null>
  /** Puts the file there, whole or not at all. When this returns, it outlives a power cut. */
  keep(sha256: string, size: PictureSize, bytes: Uint8Array): Promise<void>
  /** The same for many at once, which costs the disk about as much as one. When it throws, any of them may be there. */
  keepAll(files: readonly PictureFile[]): Promise<void>
  /** Deletes a picture and its thumbnails; what is not there is no fault. */
  remove(sha256: string): Promise<void>
  /** Every file: whose it is and when it was written; `sha256` is null for what was never finished. */
  list(): AsyncIterable<{ path: string; sha256: string | null; writtenAt: number }>
  /** Deletes one file that `list` gave. */
  removeFile(path: string): Promise<void>
}

export type PictureFile = { sha256: string; size: PictureSize; bytes: Uint8Array }

/** @param newName gives a name that no other writer uses, for files that are being written */
export function createPictureFiles(folder: string, { newName }: { newName: () => string }): PictureFiles {
  const pathOf = (sha256: string, size: PictureSize) =>
    join(folder, sha256.slice(0, 2), sha256.slice(2, 4), `${sha256}${size === 'full' ? '' : `-${size}`}.jpg`)
  const sizeOf = async (sha256: string, size: PictureSize) => {
    const found = await orNull(stat(pathOf(sha256, size)))
    return found?.size ?? null
  }
  const keepAll = (files: readonly PictureFile[]) =>
    keepFiles(
      files.map(({ sha256, size, bytes }) => ({ path: pathOf(sha256, size), bytes })),
      { top: folder, newName },
    )

  return {
    pathOf,
    sizeOf: (sha256, size) => asFault(sizeOf(sha256, size)),
    read: (sha256, size) => asFault(orNull(readFile(pathOf(sha256, size)))),
    keep: (sha256, size, bytes) => asFault(keepAll([{ sha256, size, bytes }])),
    keepAll: (files) => asFault(keepAll(files)),
    remove: (sha256) =>
      asFault(
        (async () => {
          for (const size of ['full', ...THUMBNAIL_WIDTHS] as const) await orNull(unlink(pathOf(sha256, size)))
        })(),
      ),
    list: () => listFiles(folder),
    removeFile: (path) => asFault(orNull(unlink(path)).then(() => undefined)),
  }
}

async function* listFiles(folder: string) {
  for (const first of await namesIn(folder)) {
    for (const second of await namesIn(join(folder, first))) {
      for (const name of await namesIn(join(folder, first, second))) {
        const path = join(folder, first, second, name)
        const found = await orNull(stat(path))
        if (found === null || !found.isFile()) continue
        const [, sha256 = null] = /^([0-9a-f]{64})(?:-\d+)?\.jpg$/.exec(name) ?? []
        yield { path, sha256, writtenAt: found.mtimeMs }
      }
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw fileFault(error)
  }
}
