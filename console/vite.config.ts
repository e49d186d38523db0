import { readdirSync } from 'node:fs'
import { defaultClientConditions, defineConfig } from 'vite'

const here = (path: string) => new URL(path, import.meta.url).pathname

/** Each HTML file of this folder is a page: veille.html, pose.html. */
const pages = Object.fromEntries(
  readdirSync(here('.'))
    .filter((name) => name.endsWith('.html'))
    .map((name) => [name.replace('.html', ''), here(name)]),
)

/** The rooms that are pages of their own; the public page is made by cloud-api and takes style and script here. */
export default defineConfig({
  root: here('.'),
  publicDir: false,
  // The contract as it is written, whether or not it has been built before.
  resolve: { conditions: ['vigie:source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    manifest: true,
    target: 'es2022',
    // Nothing as data: addresses, which a policy of default-src 'self' refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        ...pages,
        inforoute: here('src/inforoute/main.ts'),
        'service-worker': here('src/pose/shell/service-worker.ts'),
        'portillon-service-worker': here('src/portillon/shell/service-worker.ts'),
      },
    },
  },
})
