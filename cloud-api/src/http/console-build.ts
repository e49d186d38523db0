import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { NO_ASSETS, type PageAssets, readPageAssets } from '../inforoute/assets.ts'
import { createTextBody, type TextBody } from '../live/text-body.ts'

/** What the console's build gives to the pages that this process sends. */
export type ConsoleBuild = {
  /** Style and script of the public page. */
  assets: PageAssets
  /** The operators' page, whole. */
  veille: TextBody
}

/** Gives the build of the folder, read anew after each build; null while there is none. */
export type ReadConsoleBuild = () => Promise<ConsoleBuild | null>

/** Reads what Vite wrote: its manifest, and veille.html. */
export function createConsoleBuild(folder: string): ReadConsoleBuild {
  const manifestFile = join(folder, '.vite', 'manifest.json')
  let read: { writtenAt: number; build: ConsoleBuild } | null = null
  return async () => {
    try {
      const { mtimeMs: writtenAt } = await stat(manifestFile)
      if (read?.writtenAt === writtenAt) return read.build
      const [manifest, veille] = await Promise.all([
        readFile(manifestFile, 'utf8'),
        readFile(join(folder, 'veille.html'), 'utf8'),
      ])
      const build = { assets: readPageAssets(JSON.parse(manifest)), veille: createTextBody(veille) }
      read = { writtenAt, build }
      return build
    } catch {
      // Not built, or being built just now: the public page is complete without it.
      return null
    }
  }
}

export const assetsOf = (build: ConsoleBuild | null): PageAssets => build?.assets ?? NO_ASSETS
