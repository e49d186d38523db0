/** Shapes of 24 by 24 for the states of a picture and for what the watch room needs besides. */
const PATHS = {
  fresh: 'M5 12.500l4.500 4.500L19 7.500',
  late: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.200l3.600 2.200',
  stale: 'M6 3h12M6 21h12M7.500 3v3.500L16.500 17.500V21M16.500 3v3.500L7.500 17.500V21',
  offline:
    'M3 3l18 18M2.500 9.500a14 14 0 0 1 4-2.600M10.500 5.600a14 14 0 0 1 11 3.900M6 13.500a9 9 0 0 1 4-2.200M15.500 11.800a9 9 0 0 1 2.500 1.700M12 18.500h.01',
  maintenance: 'M10 4h4l5 15H5zM3 20h18M8.300 10h7.400M6.900 14.500h10.200',
  withdrawn: 'M3 12c5.500-8.600 12.500-8.600 18 0M3 12c5.500 8.600 12.500 8.600 18 0M4 4l16 16',
  failing: 'M12 3.500 22 20H2zM12 10v4.500M12 17.300h.01',
  doubted: 'M8.500 8.500a3.600 3.600 0 1 1 5.300 3.200c-1.200.7-1.800 1.500-1.800 3M12 18.500h.01',
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500 21 21',
  close: 'M5 5l14 14M19 5 5 19',
} as const

export type GlyphName = keyof typeof PATHS

/** One shape, in the colour of the text. It never speaks alone: the word stands beside it. */
export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="2.2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
