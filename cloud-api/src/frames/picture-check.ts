import { readJpegStructure } from './jpeg-structure.ts'

/**
 * Whether a picture is sound in form and of the size that its header says. The signature proves that these are the
 * unit's own bytes; decoding them (6 of the 10 ms that a frame cost, 2026-11-25) is left to the thumbnails, which take
 * back what does not decode.
 * @returns what is wrong with it, or null
 */
export function pictureProblem(
  picture: Uint8Array,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): string | null {
  const said = readJpegStructure(picture)
  if (typeof said === 'string') return said
  if (said.widthPx !== widthPx || said.heightPx !== heightPx) {
    return `is ${said.widthPx} × ${said.heightPx}, the header says ${widthPx} × ${heightPx}`
  }
  return said.isTurned ? 'is to be turned by its viewer' : null
}
