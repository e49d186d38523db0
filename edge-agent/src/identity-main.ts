import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { CommanderError, InvalidArgumentError } from 'commander'
import { faultCodeOf } from './faults.ts'
import { createIdentityCommand } from './identity/identity-command.ts'
import { EXIT_CODES } from './probe/exit-codes.ts'

async function readLine(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Code ou douze mots : ')
  const lines = createInterface({ input: process.stdin })
  const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [''])])
  lines.close()
  return String(line)
}

try {
  await createIdentityCommand((line) => console.log(line), readLine).parseAsync()
} catch (error) {
  // What was typed at the question, not on the command line: commander says nothing of it by itself.
  if (error instanceof InvalidArgumentError) console.error(error.message)
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage.code
  else if (faultCodeOf(error) !== null) {
    console.error('Le dossier de l’agent ne se laisse pas écrire : lancer la commande avec sudo.')
    process.exitCode = EXIT_CODES.faulty.code
  } else throw error
}
