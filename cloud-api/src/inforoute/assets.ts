/** What the console's build gives the public page: addresses under /assets/, hashed, cached for ever. */
export type PageAssets = { styles: string[]; scripts: string[]; fonts: string[]; icon: string | null }

/** Without a build the page is plain, and complete. */
export const NO_ASSETS: PageAssets = { styles: [], scripts: [], fonts: [], icon: null }

type ManifestEntry = {
  file?: string
  css?: string[]
  assets?: string[]
  imports?: string[]
  dynamicImports?: string[]
}
/** Vite's `.vite/manifest.json`, by the source of each part; read leniently. */
export type BuildManifest = Record<string, ManifestEntry | undefined>

const ENTRY = 'src/inforoute/main.ts'
const ICON = 'src/look/icon.svg'
/** The one font file that French text needs; the page asks for it before the stylesheet has come. */
const FONT = /latin-wght-normal[^/]*\.woff2$/

/** Reads the public page's part out of Vite's `.vite/manifest.json`, already parsed. What is missing is left out. */
export function readPageAssets(manifest: unknown): PageAssets {
  const entries = (manifest ?? {}) as BuildManifest // Vite's own format
  const entry = entries[ENTRY]
  if (entry === undefined) return NO_ASSETS
  // A chunk that both rooms share carries its own styles.
  const parts = [...(entry.imports ?? []).flatMap((name) => entries[name] ?? []), entry]
  const icon = entries[ICON]?.file
  return {
    styles: parts.flatMap(({ css = [] }) => css).map(addressOf),
    scripts: entry.file === undefined ? [] : [addressOf(entry.file)],
    fonts: parts.flatMap(({ assets = [] }) => assets.filter((file) => FONT.test(file))).map(addressOf),
    icon: icon === undefined ? null : addressOf(icon),
  }
}

/** The addresses of all that a part of the build may load, also what it loads only when it is needed. */
export function filesOf(manifest: BuildManifest, source: string): string[] {
  const files = new Set<string>()
  const seen = new Set<string>()
  const follow = (name: string) => {
    const entry = manifest[name]
    if (entry === undefined || seen.has(name)) return
    seen.add(name)
    for (const file of [entry.file, ...(entry.css ?? []), ...(entry.assets ?? [])]) {
      if (file?.startsWith('assets/') === true) files.add(addressOf(file))
    }
    for (const next of [...(entry.imports ?? []), ...(entry.dynamicImports ?? [])]) follow(next)
  }
  follow(source)
  return [...files]
}

const addressOf = (file: string) => `/${file}`
