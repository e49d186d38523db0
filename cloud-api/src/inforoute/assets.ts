/** What the console's build gives the public page: addresses under /assets/, hashed, cached for ever. */
export type PageAssets = { styles: string[]; scripts: string[]; fonts: string[]; icon: string | null }

/** Without a build the page is plain, and complete. */
export const NO_ASSETS: PageAssets = { styles: [], scripts: [], fonts: [], icon: null }

type ManifestEntry = { file?: string; css?: string[]; assets?: string[]; imports?: string[] }

const ENTRY = 'src/inforoute/main.ts'
const ICON = 'src/look/icon.svg'
/** The one font file that French text needs; the page asks for it before the stylesheet has come. */
const FONT = /latin-wght-normal[^/]*\.woff2$/

/** Reads the public page's part out of Vite's `.vite/manifest.json`, already parsed. What is missing is left out. */
export function readPageAssets(manifest: unknown): PageAssets {
  const entries = (manifest ?? {}) as Record<string, ManifestEntry | undefined> // Vite's own format; read leniently
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

const addressOf = (file: string) => `/${file}`
