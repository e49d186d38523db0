import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildManifest, filesOf, NO_ASSETS, type PageAssets, readPageAssets } from '../inforoute/assets.ts'
import { createTextBody, type TextBody } from '../live/text-body.ts'

/** A page of the console: its HTML, whole, and the addresses of all that it may ever load. */
export type ConsolePage = { html: TextBody; files: string[] }

/** What the console's build gives to the pages that this process sends. */
export type ConsoleBuild = {
  /** Style and script of the public page. */
  assets: PageAssets
  /** By the name of their file: `veille`, `pose`. */
  pages: ReadonlyMap<string, ConsolePage>
  /** Scripts that must have an address without a hash, by the page that they serve: `pose`. */
  workers: ReadonlyMap<string, TextBody>
}

/** Gives the build of the folder, read anew after each build; null while there is none. */
export type ReadConsoleBuild = () => Promise<ConsoleBuild | null>

const WORKER = /^src\/([\w-]+)\/(?:[\w-]+\/)*service-worker\.ts$/

/** Reads what Vite wrote: its manifest, the pages, and the workers. */
export function createConsoleBuild(folder: string): ReadConsoleBuild {
  const manifestFile = join(folder, '.vite', 'manifest.json')
  let read: { writtenAt: number; build: ConsoleBuild } | null = null
  return async () => {
    try {
      const { mtimeMs: writtenAt } = await stat(manifestFile)
      if (read?.writtenAt === writtenAt) return read.build
      const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as BuildManifest // Vite's own format
      const build = {
        assets: readPageAssets(manifest),
        pages: await readPages(folder, manifest),
        workers: await readWorkers(folder, manifest),
      }
      read = { writtenAt, build }
      return build
    } catch {
      // Not built, or being built just now: the public page is complete without it.
      return null
    }
  }
}

async function readPages(folder: string, manifest: BuildManifest): Promise<Map<string, ConsolePage>> {
  const pages = new Map<string, ConsolePage>()
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.html')) continue
    const html = createTextBody(await readFile(join(folder, file), 'utf8'))
    pages.set(file.slice(0, -'.html'.length), { html, files: filesOf(manifest, file) })
  }
  return pages
}

async function readWorkers(folder: string, manifest: BuildManifest): Promise<Map<string, TextBody>> {
  const workers = new Map<string, TextBody>()
  for (const [source, entry] of Object.entries(manifest)) {
    const name = WORKER.exec(source)?.[1]
    if (name === undefined || entry?.file === undefined) continue
    workers.set(name, createTextBody(await readFile(join(folder, entry.file), 'utf8')))
  }
  return workers
}

export const assetsOf = (build: ConsoleBuild | null): PageAssets => build?.assets ?? NO_ASSETS
