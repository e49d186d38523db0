/** Letters and digits only, without accents. */
function plain(text: string): string {
  const letters = text.normalize('NFD').replaceAll(/\p{Mark}/gu, '')
  return letters
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** Whether each word of a search stands somewhere in a text; without any, all texts answer. */
export function answers(text: string, search: string): boolean {
  const own = plain(text)
  return plain(search)
    .split(' ')
    .every((word) => own.includes(word))
}
