/** Longest text of a device that is kept: maker, model and names are far shorter, an error text may be anything. */
const MAX_CHARACTERS = 120

/**
 * A device's text as it may be shown: without control characters, which could move a terminal's cursor or hide what
 * follows, and without the marks that turn the direction of writing; cut short.
 */
export function deviceText(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return ''
  const visible = String(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  return visible.trim().slice(0, MAX_CHARACTERS)
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Text as XML content or attribute value. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
}
