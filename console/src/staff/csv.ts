/** What French spreadsheets open with a double click: fields apart by semicolons, lines by CRLF, UTF-8 that says so (RFC 4180). */
export function csvOf(lines: readonly (readonly string[])[]): string {
  return `\ufeff${lines.map((fields) => fields.map(quoted).join(';')).join('\r\n')}\r\n`
}

/** A spreadsheet would reckon with what begins like a formula, and somebody at a gate may have written it. */
function quoted(field: string): string {
  const text = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Hands a file to whoever looks at the page. */
export function saveCsv(name: string, lines: readonly (readonly string[])[]): void {
  const url = URL.createObjectURL(new Blob([csvOf(lines)], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
