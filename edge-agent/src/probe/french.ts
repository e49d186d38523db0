import type { Command } from 'commander'
import { WIDTH } from './narrow-text.ts'

const TITLES: Record<string, string> = {
  'Usage:': 'Utilisation :',
  'Arguments:': 'Arguments :',
  'Options:': 'Options :',
  'Commands:': 'Commandes :',
}

/** What commander says by itself, by the start of its English sentence. */
const SENTENCES: [RegExp, string][] = [
  [/^error: option '(.+)' argument '(.+)' is invalid\. (.*)/, "L'option $1 ne prend pas « $2 ». $3"],
  [/^error: unknown option '(.+)'/, "L'option $1 n'existe pas."],
  [/^error: unknown command '(.+)'/, "La commande $1 n'existe pas."],
  [/^error: option '(.+)' argument missing/, "L'option $1 attend une valeur."],
  [/^error: too many arguments.*/, "Il y a trop d'arguments."],
]

/** Makes a command and all below it speak French, help and errors alike, in the width of a telephone. */
export function speakFrench(command: Command): Command {
  command
    .helpOption('-h, --help', 'affiche cette aide')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureHelp({ styleTitle: (title) => TITLES[title] ?? title, helpWidth: WIDTH, minWidthToWrap: 20 })
    .configureOutput({
      outputError: (text, write) => {
        const known = SENTENCES.find(([english]) => english.test(text))
        write(known === undefined ? text : `${text.trim().replace(known[0], known[1]).trim()}\n`)
      },
    })
  command.exitOverride()
  command.commands.forEach(speakFrench)
  return command
}
