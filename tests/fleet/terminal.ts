import type { Fleet } from './fleet.ts'

/** What a person at the terminal is told: lines, and one line of progress that rewrites itself where it can. */
export type Terminal = {
  line(text: string): void
  progress(text: string): void
}

export function createTerminal(out: NodeJS.WriteStream): Terminal {
  let isProgressShown = false
  return {
    line(text) {
      if (isProgressShown && out.isTTY) out.write('\r\x1b[2K')
      isProgressShown = false
      out.write(`${text}\n`)
    },
    progress(text) {
      isProgressShown = true
      out.write(out.isTTY ? `\r\x1b[2K${text}` : `${text}\n`)
    },
  }
}

/** Where to look, where the data is, how to end it. The wall has the name that the first account is opened under: a session is for one name. */
export function describeAddresses(
  { origin, museums, firstAdministrator }: Fleet['addresses'],
  dataFolder: string,
): string {
  return [
    '',
    `  Public page      ${origin}/`,
    `  Operators' wall  ${origin.replace('127.0.0.1', 'localhost')}/veille`,
    ...(firstAdministrator === null ? [] : [`  First account    ${firstAdministrator}  (once)`]),
    ...[...museums.values()].flatMap(({ name, page, pairing }) => [
      `  Gates            ${name}`,
      `                   ${pairing ?? page}`,
    ]),
    `  API              ${origin}/api/v1/webcams`,
    `  Data and logs    ${dataFolder}  (delete it to begin anew)`,
    '  Stop             Ctrl-C',
    '',
  ].join('\n')
}
