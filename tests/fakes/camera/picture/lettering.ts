/**
 * The letters of the overlay, 5 × 7 points as on character displays: each row a number of five bits, the highest left.
 * Drawn point by point, so that no font of the machine is needed and every machine draws the same.
 */
const glyphs: Record<string, string> = {
  A: 'EHHVHHH',
  B: 'UHHUHHU',
  C: 'EHGGGHE',
  D: 'UHHHHHU',
  E: 'VGGUGGV',
  F: 'VGGUGGG',
  G: 'EHGNHHF',
  H: 'HHHVHHH',
  I: 'E44444E',
  J: '72222IC',
  K: 'HIKOKIH',
  L: 'GGGGGGV',
  M: 'HRLLHHH',
  N: 'HHPLJHH',
  O: 'EHHHHHE',
  P: 'UHHUGGG',
  Q: 'EHHHLID',
  R: 'UHHUKIH',
  S: 'FGGE11U',
  T: 'V444444',
  U: 'HHHHHHE',
  V: 'HHHHHA4',
  W: 'HHHLLLA',
  X: 'HHA4AHH',
  Y: 'HHA4444',
  Z: 'V1248GV',
  0: 'EHJLPHE',
  1: '4C4444E',
  2: 'EH1248V',
  3: 'V2421HE',
  4: '26AIV22',
  5: 'VGU11HE',
  6: '68GUHHE',
  7: 'V124888',
  8: 'EHHEHHE',
  9: 'EHHF12C',
  ' ': '0000000',
  '-': '000V000',
  ':': '0CC0CC0',
  '/': '01248G0',
  '.': '00000CC',
}

export const GLYPH_WIDTH = 5
export const GLYPH_HEIGHT = 7
/** From one letter to the next. */
export const GLYPH_ADVANCE = 6

/** A name as the camera can write it: capitals without accents, a space for whatever it has no letter for. */
export function cameraLettering(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toUpperCase()
  return [...plain]
    .map((letter) => (letter in glyphs ? letter : ' '))
    .join('')
    .trim()
}

/** The lit points of a line of text, from (0, 0) at its top left. Letters without a glyph stay blank. */
export function* litPoints(text: string): Generator<{ x: number; y: number }> {
  for (const [place, letter] of [...text].entries()) {
    for (const [y, row] of [...(glyphs[letter] ?? '')].entries()) {
      const bits = Number.parseInt(row, 32)
      for (let x = 0; x < GLYPH_WIDTH; x++) {
        if (bits & (16 >> x)) yield { x: place * GLYPH_ADVANCE + x, y }
      }
    }
  }
}
