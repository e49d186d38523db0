import { expect, test } from 'vitest'
import { filesOf, NO_ASSETS, readPageAssets } from './assets.ts'

test('the addresses of style, script, font and icon come out of the manifest of the build', () => {
  const font = 'assets/atkinson-hyperlegible-next-latin-wght-normal-B.woff2'
  const manifest = {
    'src/inforoute/main.ts': {
      file: 'assets/inforoute-A.js',
      css: ['assets/inforoute-A.css'],
      imports: ['_shared.js'],
    },
    '_shared.js': { file: 'assets/shared.js', css: ['assets/shared-C.css'], assets: [font, 'assets/latin-ext.woff2'] },
    'src/look/icon.svg': { file: 'assets/icon-D.svg' },
    'veille.html': { file: 'assets/veille.js' },
  }
  expect(readPageAssets(manifest)).toEqual({
    styles: ['/assets/shared-C.css', '/assets/inforoute-A.css'],
    scripts: ['/assets/inforoute-A.js'],
    fonts: [`/${font}`],
    icon: '/assets/icon-D.svg',
  })
})

test('without a build the page goes without', () => {
  for (const manifest of [null, {}, { other: {} }]) expect(readPageAssets(manifest)).toEqual(NO_ASSETS)
})

test('a page that must open without a network knows all that it may ever load, once each', () => {
  const manifest = {
    'pose.html': {
      file: 'assets/pose.js',
      css: ['assets/pose.css'],
      imports: ['_shared.js'],
      dynamicImports: ['scan.ts'],
    },
    '_shared.js': { file: 'assets/shared.js', css: ['assets/shared.css'] },
    'scan.ts': { file: 'assets/scan.js', assets: ['assets/reader.wasm'], imports: ['_shared.js', 'pose.html'] },
    'veille.html': { file: 'assets/veille.js' },
  }
  expect(filesOf(manifest, 'pose.html')).toEqual([
    '/assets/pose.js',
    '/assets/pose.css',
    '/assets/shared.js',
    '/assets/shared.css',
    '/assets/scan.js',
    '/assets/reader.wasm',
  ])
})
