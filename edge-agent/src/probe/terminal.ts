import { createInterface } from 'node:readline/promises'
import { type Readable, Writable } from 'node:stream'

/** Where a command speaks with a person: results on one stream, questions and remarks on the other. */
export type Terminal = {
  /** One line of the result. */
  print(line: string): void
  /** One line that is no part of the result. */
  remark(line: string): void
  /** Null when nobody can be asked. */
  ask: null | {
    text(question: string, signal: AbortSignal): Promise<string>
    /** What is typed is not shown. */
    secret(question: string, signal: AbortSignal): Promise<string>
  }
}

type Streams = {
  input: Readable & { isTTY?: boolean }
  output: Writable
  errors: Writable
  /** Ctrl-C while a question stands: the terminal gives it to the question, not to the process. */
  interrupt(): void
}

export function createTerminal({ input, output, errors, interrupt }: Streams): Terminal {
  /** @param prompt what readline shows, and draws again; empty when nothing of the line may be shown */
  async function ask(shown: Writable, prompt: string, signal: AbortSignal): Promise<string> {
    const asking = createInterface({ input, output: shown, terminal: true })
    asking.once('SIGINT', interrupt)
    try {
      return await asking.question(prompt, { signal })
    } finally {
      asking.close()
    }
  }
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })
  return {
    print: (line) => output.write(`${line}\n`),
    remark: (line) => errors.write(`${line}\n`),
    ask: input.isTTY
      ? {
          text: (question, signal) => ask(errors, question, signal),
          async secret(question, signal) {
            errors.write(question)
            try {
              return await ask(nowhere(), '', signal)
            } finally {
              errors.write('\n')
            }
          },
        }
      : null,
  }
}
