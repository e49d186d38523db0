import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What Vite writes of each file that it built; its own format. */
type Built = { file: string; css?: string[]; assets?: string[]; imports?: string[]; dynamicImports?: string[] }
type Manifest = Record<string, Built>

/** The page of the staff as the console's build made it. */
export type StaffBuild = {
  /** The addresses of all that the page may ever load, so that a phone can keep it. */
  files: string[]
  /** Where its service worker stands in the build; null: it has none. */
  worker: string | null
}

const PAGE_SOURCE = 'portillon.html'
const WORKER_SOURCE = /(?:^|\/)portillon\/(?:[\w-]+\/)*service-worker\.ts$/

/** Reads Vite's manifest; null while nothing is built. */
export async function readStaffBuild(consoleFolder: string): Promise<StaffBuild | null> {
  let manifest: Manifest
  try {
    manifest = JSON.parse(await readFile(join(consoleFolder, '.vite', 'manifest.json'), 'utf8')) as Manifest // Vite's own format
  } catch {
    return null
  }
  const worker = Object.entries(manifest).find(([source]) => WORKER_SOURCE.test(source))?.[1].file ?? null
  return { files: [`/${PAGE_SOURCE}`, ...filesOf(manifest)], worker }
}

function filesOf(manifest: Manifest): string[] {
  const files = new Set<string>()
  const seen = new Set<string>()
  const visit = (source: string) => {
    const built = manifest[source]
    if (built === undefined || seen.has(source)) return
    seen.add(source)
    // The page itself stands in the manifest by its script.
    for (const file of [built.file, ...(built.css ?? []), ...(built.assets ?? [])]) files.add(`/${file}`)
    for (const other of [...(built.imports ?? []), ...(built.dynamicImports ?? [])]) visit(other)
  }
  visit(PAGE_SOURCE)
  return [...files]
}
