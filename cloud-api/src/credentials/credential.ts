import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** What one of our own certificates is good for, or whom we believe by one, from files that are renewed under a running process. */
export type Credential<Value> = {
  what: string
  /** The same until the files have changed. */
  value(): Value
  /** When the certificate ends, by the wall clock. */
  endsAt(): number
  /**
   * Reads the files again. True when they hold another certificate or key, which is good from now on. Throws while they
   * are away or do not fit each other, as when one of two is written already: what was read before holds.
   */
  look(): boolean
}

/**
 * @param files the certificate first; `make` gets their texts in the same order, and throws when they do not fit
 * @param endOf when it ends, where that is not the end of the first certificate
 */
export function createCredential<Value>(
  what: string,
  files: readonly string[],
  make: (texts: readonly string[]) => Value,
  endOf: (value: Value, firstFile: string) => number = (_value, firstFile) =>
    Date.parse(new X509Certificate(firstFile).validTo),
): Credential<Value> {
  const readAll = () => {
    const texts = files.map((file) => readFileSync(file, 'utf8'))
    const value = make(texts)
    return { texts, value, endsAt: endOf(value, texts[0] ?? '') }
  }
  let now = readAll()
  return {
    what,
    value: () => now.value,
    endsAt: () => now.endsAt,
    look: () => {
      const found = readAll()
      if (found.texts.every((text, place) => text === now.texts[place])) return false
      now = found
      return true
    },
  }
}
