/** Reading what an XML library made of a device's answer: anything may be missing, doubled, or of another shape. */

/** What stands under these names, one below the other; of several, the first; undefined when there is none. */
export function under(tree: unknown, ...names: string[]): unknown {
  let found = tree
  for (const name of names) {
    const first: unknown = Array.isArray(found) ? found[0] : found
    if (typeof first !== 'object' || first === null || !Object.hasOwn(first, name)) return undefined
    found = (first as Record<string, unknown>)[name] // it has it
  }
  return found
}

/** One or several or none, as a list. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}

/** Text of an element, whether or not it has attributes. */
export function textOf(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value
  if (typeof first === 'string') return first
  if (typeof first === 'number' || typeof first === 'boolean') return String(first)
  return typeof first === 'object' && first !== null && '_' in first ? textOf(first._) : ''
}

/** A whole number above zero; else null. */
export function sizeOf(value: unknown): number | null {
  const size = Number(textOf(value))
  return Number.isInteger(size) && size > 0 && size < 100_000 ? size : null
}
