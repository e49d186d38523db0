import type { Command } from 'commander'

const TITLES: Record<string, string> = {
  'Usage:': 'Utilisation :',
  'Options:': 'Options :',
  'Commands:': 'Commandes :',
}

/** What commander says by itself, by the start of its English sentence. */
const SENTENCES: [RegExp, string][] = [
  [/^error: required option '(.+)' not specified/, "Il manque l'option $1."],
  [/^error: unknown option '(.+)'/, "L'option $1 n'existe pas."],
  [/^error: unknown command '(.+)'/, "La commande $1 n'existe pas."],
  [/^error: option '(.+)' argument missing/, "L'option $1 attend une valeur."],
  [/^error: too many arguments.*/, "Il y a trop d'arguments."],
]

/** Makes a command and all below it speak French, help and errors alike. */
export function speakFrench(command: Command): Command {
  command
    .helpOption('-h, --help', 'affiche cette aide')
    .helpCommand(false)
    .configureHelp({ styleTitle: (title) => TITLES[title] ?? title })
    .configureOutput({
      outputError: (text, write) => {
        const known = SENTENCES.find(([english]) => english.test(text))
        write(known === undefined ? text : `${text.trim().replace(known[0], known[1])}\n`)
      },
    })
  command.commands.forEach(speakFrench)
  return command
}
