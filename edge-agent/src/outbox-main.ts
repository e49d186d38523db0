import { Command, CommanderError } from 'commander'
import { EXIT_CODES } from './probe/exit-codes.ts'
import { speakFrench } from './probe/french.ts'
import { UsageError } from './probe/login.ts'
import { createTerminal } from './probe/terminal.ts'
import { postTo, readSession } from './rescue/cloud-session.ts'
import { runRescue } from './rescue/run-rescue.ts'

const stop = new AbortController()
const interrupt = () => stop.abort()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, interrupt)
const terminal = createTerminal({ input: process.stdin, output: process.stdout, errors: process.stderr, interrupt })

const outbox = new Command('vigie outbox').description("La file d'envoi d'un boîtier").usage('<commande> [options]')
outbox
  .command('rescue')
  .argument('<dossier>', 'le dossier de données du boîtier, sur son disque')
  .usage('<dossier>')
  .description(
    "Envoie au centre ce qui attendait dans la file d'un boîtier remplacé, depuis son disque, même abîmé. Le disque n'est que lu ; relancer n'envoie rien en double.",
  )
  .action(async (folder: string) => {
    const post = postTo(readSession(process.env))
    process.exitCode = await runRescue(folder, { terminal, post, now: Date.now }, stop.signal)
  })
speakFrench(outbox)

try {
  await outbox.parseAsync()
} catch (error) {
  if (stop.signal.aborted) process.exitCode = EXIT_CODES.interrupted.code
  else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage.code
  else if (error instanceof UsageError) {
    terminal.remark(error.message)
    process.exitCode = EXIT_CODES.usage.code
  } else throw error
}
