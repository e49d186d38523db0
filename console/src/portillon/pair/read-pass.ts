/** A compact JWS; whether it opens anything is the gateway's to say. */
const PASS = /^[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}$/
const MAX_CHARACTERS = 2_500

/**
 * Reads a pass as it was scanned or pasted: the address of this page with `#p=…`, or the pass alone. Null: it is none.
 * @param text hostile
 */
export function readPass(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.length > MAX_CHARACTERS) return null
  const at = trimmed.indexOf('#')
  const pass = at < 0 ? trimmed : (new URLSearchParams(trimmed.slice(at + 1)).get('p') ?? '')
  return PASS.test(pass) ? pass : null
}
