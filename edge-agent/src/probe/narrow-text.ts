/** A telephone held upright shows about this many columns over ssh. */
export const WIDTH = 60

/** Width of the labels of a report. */
const LABEL_WIDTH = 12

/**
 * Breaks a text between words to the width of a telephone. What is longer than a line, an address, stays whole.
 * @param first before the first line, in place of the indent
 */
export function wrap(text: string, indent = '', first = indent): string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(/[ \n]+/).filter((word) => word !== '')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}

/** A label and its value, the further lines of the value below its first. */
export function labelled(label: string, value: string): string[] {
  return wrap(value === '' ? '?' : value, ' '.repeat(LABEL_WIDTH), label.padEnd(LABEL_WIDTH))
}
