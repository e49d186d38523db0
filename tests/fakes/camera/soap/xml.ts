/** Text that is XML already; everything else is escaped when it is put into a template. */
export type Xml = { readonly xml: string }

type Part = string | number | boolean | Xml | readonly Xml[]

/** Template for XML: what is put in is escaped, unless it is XML itself. */
export function xml(texts: TemplateStringsArray, ...parts: Part[]): Xml {
  let whole = texts[0] ?? ''
  parts.forEach((part, index) => {
    whole += written(part) + (texts[index + 1] ?? '')
  })
  return { xml: whole.replace(/>\s+</g, '><').trim() }
}

function written(part: Part): string {
  if (typeof part !== 'object') return escapeXml(String(part))
  return 'xml' in part ? part.xml : part.map((one) => one.xml).join('')
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
}
