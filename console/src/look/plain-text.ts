/** Letters and digits only, without accents: what a search compares. */
export function plain(text: string): string {
  const letters = text.normalize('NFD').replaceAll(/\p{Mark}/gu, '')
  return letters
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}
