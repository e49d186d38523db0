import type { Freshness, SiteKind } from './webcam.ts'

/** Shapes of 24 by 24, drawn once at the head of a page and used by name. Filled ones first, then strokes. */
const FILLED: Record<SiteKind, string> = {
  col: 'M1 20 9 6l4.2 7.4L16 9l7 11z',
  station:
    'M10.8 2h2.4v4.6l3-2.2 1.4 2-4.4 3.1v.4l.4.2 4.9-2.3 1 2.2-3.3 1.6 4.1 2.3-1.2 2.1-4-2.3.3 3.7-2.4.2-.4-5.4-.4-.2-.6.2v.4l4.4 3.1-1.4 2-3-2.2V22h-2.4v-4.5l-3 2.2-1.4-2 4.4-3.1v-.4l-.6-.2-.4.2-.4 5.4-2.4-.2.3-3.7-4 2.3-1.2-2.1 4.1-2.3-3.3-1.6 1-2.2 4.9 2.3.4-.2v-.4L6.4 6.4l1.4-2 3 2.2z',
  ville: 'M3 21V10.5L12 3l9 7.5V21h-6.5v-6.500h-5V21z',
  carrefour: 'M9.300 2h5.400v7.300H22v5.400h-7.300V22H9.300v-7.300H2V9.300h7.300z',
  tunnel: 'M2 21v-9a10 10 0 0 1 20 0v9h-5.500v-8a4.500 4.500 0 0 0-9 0v8z',
}

const STROKED: Record<Exclude<Freshness, 'fresh'>, string> = {
  late: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.200l3.600 2.200',
  stale: 'M6 3h12M6 21h12M7.500 3v3.500L16.500 17.500V21M16.500 3v3.500L7.500 17.500V21',
  offline:
    'M3 3l18 18M2.500 9.500a14 14 0 0 1 4-2.600M10.500 5.600a14 14 0 0 1 11 3.900M6 13.500a9 9 0 0 1 4-2.200M15.500 11.800a9 9 0 0 1 2.500 1.700M12 18.500h.01',
  maintenance: 'M10 4h4l5 15H5zM3 20h18M8.300 10h7.400M6.900 14.500h10.200',
  withdrawn: 'M3 12c5.500-8.600 12.500-8.600 18 0M3 12c5.500 8.600 12.500 8.600 18 0M4 4l16 16',
}

/** The hidden sheet of shapes; stands once in a page, before the first <Glyph>. */
export function GlyphSheet() {
  return (
    <svg class="glyph-sheet" aria-hidden="true" width="0" height="0">
      {Object.entries(FILLED).map(([name, path]) => (
        <symbol id={`glyph-${name}`} viewBox="0 0 24 24">
          <path d={path} fill="currentColor" />
        </symbol>
      ))}
      {Object.entries(STROKED).map(([name, path]) => (
        <symbol id={`glyph-${name}`} viewBox="0 0 24 24">
          <path
            d={path}
            fill="none"
            stroke="currentColor"
            stroke-width="2.2"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </symbol>
      ))}
    </svg>
  )
}

/** One shape of the sheet. It never speaks alone: the word stands beside it. */
export function Glyph({ name }: { name: SiteKind | Freshness }) {
  return (
    <svg class="glyph" aria-hidden="true" width="24" height="24">
      <use href={`#glyph-${name}`} />
    </svg>
  )
}
