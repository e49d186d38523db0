import { mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from './faults.ts'

/** A file of a name that only this content has: what is there already at the same length is taken for it. */
export type DurableFile = { path: string; bytes: Uint8Array }

/**
 * Puts files below `top`, each whole or not at all: beside its place, then all renamed, then each folder synced once, since
 * the first sync takes most of the others' work. When this returns, they outlive a power cut; when it throws, any of them may
 * be there, and nothing half written is.
 * @param newName gives a name that no other writer uses, for files that are being written
 */
export async function keepFiles(
  files: readonly DurableFile[],
  { top, newName }: { top: string; newName: () => string },
): Promise<void> {
  const wanted = [...new Map(files.map((file) => [file.path, file])).values()]
  const toSync = new Set<string>()
  const parts: { part: string; path: string }[] = []
  const writeBeside = async ({ path, bytes }: DurableFile) => {
    // Also when it is there: another writer may have renamed it a moment ago and not yet synced its folder.
    toSync.add(dirname(path))
    if ((await orNull(stat(path)))?.size === bytes.byteLength) return
    for (const folderAbove of await makeFolder(dirname(path), top)) toSync.add(folderAbove)
    const part = `${path}.${newName()}.part`
    parts.push({ part, path })
    await writeSynced(part, bytes)
  }
  try {
    await allOrFirstError(wanted.map(writeBeside))
    await allOrFirstError(parts.map(({ part, path }) => rename(part, path)))
  } catch (error) {
    await Promise.all(parts.map(({ part }) => unlink(part).catch(() => undefined)))
    throw error
  }
  await allOrFirstError([...toSync].map(syncFolder))
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o640)
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Makes the folder and those above it. @returns the folders that got a new name in them and are to be synced */
async function makeFolder(folder: string, top: string): Promise<string[]> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return []
  const changed = [top]
  for (let made = folder; made.length >= first.length; made = dirname(made)) changed.push(dirname(made))
  return changed
}

/** Waits for all, also when one fails: what goes on behind the back of a caller that was told of the failure confuses it. */
async function allOrFirstError(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Null when there is no such file. */
export async function orNull<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Work on files, with the fault that its failure means. */
export async function asFault<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    throw fileFault(error)
  }
}

/** The file system's errors have a code; what has none is a bug and stays what it is. */
export const fileFault = (error: unknown): unknown =>
  codeOf(error) === '' ? error : new Fault('pictures-unavailable', { cause: error, detail: codeOf(error) })

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
