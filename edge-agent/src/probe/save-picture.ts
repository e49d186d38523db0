import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** `problem`: why it is not there, in French; null when it is. */
export type SavedPicture = { file: string; problem: string | null }

const PROBLEMS: Record<string, string> = {
  EEXIST: 'ce fichier existe déjà',
  EACCES: 'le dossier est interdit en écriture',
  EROFS: 'le disque est en lecture seule',
  ENOENT: "le dossier n'existe pas",
  ENOSPC: 'le disque est plein',
}

/** Keeps a picture that nobody has masked for its owner's eyes alone, and never in place of another file. */
export function savePicture(file: string, bytes: Uint8Array): SavedPicture {
  const path = resolve(file)
  try {
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' })
    return { file: path, problem: null }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'inconnu'
    return { file: path, problem: `${PROBLEMS[code] ?? code} (${path})` }
  }
}

/** "camera-192.168.1.64-20261122T025501Z.jpg", from an address and a wall time. */
export function pictureName(url: string, nowMs: number): string {
  const host = new URL(url).hostname.replaceAll(/[^\w.-]/g, '_')
  const at = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `camera-${host}-${at}.jpg`
}
