import { defineConfig } from 'vite'

const here = (path: string) => new URL(path, import.meta.url).pathname

/** Two rooms: the operators' wall is a page of its own; the public page is made by cloud-api and takes style and script here. */
export default defineConfig({
  root: here('.'),
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    manifest: true,
    target: 'es2022',
    // Nothing as data: addresses, which a policy of default-src 'self' refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { veille: here('veille.html'), inforoute: here('src/inforoute/main.ts') } },
  },
})
