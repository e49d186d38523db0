import type { Appearance } from '@vigie/contract/gate/words'

/** Shapes of 48 by 48 that differ in their outline already: an arrow, a triangle, a round clock, a barred square. */
const SHAPES: Record<Appearance['pictogram'], string> = {
  arrow: 'M5 24h32M25 10l14 14-14 14',
  exclamation: 'M24 5 45 43H3zM24 19v11M24 36.500v.5',
  clock: 'M24 4a20 20 0 1 0 0 40 20 20 0 0 0 0-40zM24 12v13l9 6',
  barred: 'M6 6h36v36H6zM15 15l18 18M33 15 15 33',
}

/** The sign of an answer. It never speaks alone: the word stands beside it. */
export function Sign({ pictogram }: { pictogram: Appearance['pictogram'] }) {
  return (
    <svg class="sign" viewBox="0 0 48 48" aria-hidden="true">
      <path
        d={SHAPES[pictogram]}
        fill="none"
        stroke="currentColor"
        stroke-width="5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
