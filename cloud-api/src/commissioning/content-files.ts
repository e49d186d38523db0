import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '../faults.ts'

export type ContentKind = 'jpg' | 'pdf'

/** Photos and reports, each once, named by the SHA-256 of its bytes: ab/<sha256>.pdf. Nothing deletes them. */
export type ContentFiles = {
  /** Puts the bytes there, whole or not at all. When this returns, they outlive a power cut. @returns their SHA-256 */
  keep(bytes: Uint8Array, kind: ContentKind): Promise<string>
  /** The bytes; null when there is no such file. */
  read(sha256: string, kind: ContentKind): Promise<Buffer | null>
}

/** @param newName gives a name that no other writer uses, for files that are being written */
export function createContentFiles(folder: string, { newName }: { newName: () => string }): ContentFiles {
  const pathOf = (sha256: string, kind: ContentKind) => join(folder, sha256.slice(0, 2), `${sha256}.${kind}`)
  return {
    keep: (bytes, kind) =>
      asFault(async () => {
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        const path = pathOf(sha256, kind)
        const standing = await stat(path).catch(() => null)
        if (standing?.size !== bytes.byteLength) await writeWhole(path, `${path}.${newName()}.part`, bytes)
        await syncFolder(dirname(path))
        return sha256
      }),
    read: (sha256, kind) =>
      asFault(() =>
        readFile(pathOf(sha256, kind)).catch((error: unknown) => {
          if (codeOf(error) === 'ENOENT') return null
          throw error
        }),
      ),
  }
}

async function writeWhole(path: string, part: string, bytes: Uint8Array): Promise<void> {
  const made = await mkdir(dirname(path), { recursive: true })
  const file = await open(part, 'wx', 0o640)
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(part, path)
  if (made !== undefined) await syncFolder(dirname(dirname(path)))
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function asFault<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    throw code === '' ? error : new Fault('pictures-unavailable', { cause: error, detail: code })
  }
}

/** The file system's errors have a code; what has none is a bug and stays what it is. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
