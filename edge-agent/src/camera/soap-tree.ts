import { createRequire } from 'node:module'

export type SoapAnswer = (error: Error | null, body?: unknown, xml?: string) => void

/**
 * npm `onvif`'s reader of SOAP: gives the content of the body, every element as a list, names without prefix and with a
 * small first letter. It calls back at once, twice when its callback throws.
 */
export const { parseSOAPString: parseSoap } = createRequire(import.meta.url)('onvif/lib/utils.js') as {
  parseSOAPString(xml: string, answer: SoapAnswer): void
} // the package has no types for it

/**
 * Removes namespace declarations, at which neither library looks. `onvif` removes them itself, with an expression that
 * takes 2 s on 100 kB of the word "xmlns" and four times that on twice as much; here it is linear.
 * @returns null when the word is still repeated, which no well-formed answer does
 */
export function withoutNamespaces(xml: string): string | null {
  const bare = xml.replaceAll(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*')/g, '')
  return bare.split('xmlns', 52).length > 51 ? null : bare
}
