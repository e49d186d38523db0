import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { PASSPHRASE_MIN_LENGTH, readPassphrase } from '../authority/passphrase.ts'
import { Fault } from '../faults.ts'

/** Gets the passphrase of a key, named in French. */
export type AskPassphrase = (of: string, options: { file?: string | undefined; isNew?: boolean }) => Promise<string>

/** From a file when one is named, else from the terminal, which does not show it; a new one twice. */
export const askPassphrase: AskPassphrase = async (of, { file, isNew = false }) => {
  if (file !== undefined) return readPassphrase(file)
  const first = await askHidden(`Phrase de passe ${of} : `)
  if (first.length < PASSPHRASE_MIN_LENGTH) throw new Fault('passphrase-weak', of)
  if (isNew && (await askHidden('La même, encore une fois : ')) !== first) {
    throw new Fault('passphrase-wrong', 'les deux saisies diffèrent')
  }
  return first
}

/** Asks at the terminal for what it must not show. */
export type AskHidden = (question: string) => Promise<string>

export const askHidden: AskHidden = async (question) => {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
