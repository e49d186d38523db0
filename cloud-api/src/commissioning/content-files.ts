import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asFault, keepFiles, orNull } from '../durable-files.ts'

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
    async keep(bytes, kind) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await asFault(keepFiles([{ path: pathOf(sha256, kind), bytes }], { top: folder, newName }))
      return sha256
    },
    read: (sha256, kind) => asFault(orNull(readFile(pathOf(sha256, kind)))),
  }
}
