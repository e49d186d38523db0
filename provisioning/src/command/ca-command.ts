import { readFleet } from '@vigie/config-schema/documents'
import { unitsOf } from '@vigie/config-schema/units-of'
import { isSiteId, isUnitId } from '@vigie/contract/ids'
import { Command } from 'commander'
import { newestOf, openIssuing, readGenerations } from '../authority/authority-folder.ts'
import { createDevelopmentAuthority } from '../authority/development-authority.ts'
import { addNextGeneration, foundAuthority } from '../authority/found-authority.ts'
import { retireGeneration } from '../authority/retire-generation.ts'
import { isServerPart, issueServerPart, SERVER_PARTS } from '../authority/server-part.ts'
import type { AskPassphrase } from './ask-passphrase.ts'
import { keepingAdvice, rotationAdvice } from './keeping-advice.ts'

export type CaDeps = { now: () => number; print: (line: string) => void; askPassphrase: AskPassphrase }

/** `vigie ca …`: the authority of a fleet, and the certificates that are made by hand. */
export function caCommand({ now, print, askPassphrase }: CaDeps): Command {
  const ca: Command = new Command('ca').description("les certificats d'un parc").usage('<commande> [options]')

  ca.command('init')
    .usage('--folder <dossier> [--passphrase-file <fichier>] [--issuing-passphrase-file <fichier>]')
    .description("crée l'autorité d'un parc : une racine, et l'autorité émettrice au-dessous")
    .requiredOption('--folder <dossier>', 'où sont écrits clés et certificats')
    .option('--passphrase-file <fichier>', 'la phrase de passe de la racine, au lieu de la demander')
    .option('--issuing-passphrase-file <fichier>', 'celle de la clé émettrice, au lieu de la demander')
    .action(async (options: { folder: string; passphraseFile?: string; issuingPassphraseFile?: string }) => {
      const root = await askPassphrase('de la racine', { file: options.passphraseFile, isNew: true })
      const file = options.issuingPassphraseFile
      const issuing = await askPassphrase('de la clé émettrice', { file, isNew: true })
      await foundAuthority(options.folder, { root, issuing }, now())
      for (const line of keepingAdvice(options.folder, 1)) print(line)
    })

  ca.command('issue')
    .usage('<broker|cloud|configuration|tickets|gateway> --folder <dossier> --out <dossier> [--name <nom...>] …')
    .description("émet le certificat d'une partie du cloud ou d'une passerelle, ou le renouvelle pour la même clé")
    .argument('<partie>')
    .requiredOption('--folder <dossier>', "le dossier de l'autorité")
    .requiredOption('--out <dossier>', 'où sont écrits le certificat et sa clé')
    .option('--name <nom...>', 'noms et adresses par lesquels on joint un serveur (broker, gateway)')
    .option('--unit <nom>', "le boîtier qu'est la passerelle")
    .option('--site <site>', 'le musée où elle se trouve')
    .option('--issuing-passphrase-file <fichier>', 'la phrase de passe de la clé émettrice, au lieu de la demander')
    .action(async (part: string, { folder, out, name = [], unit, site, ...more }: IssueOptions) => {
      if (!isServerPart(part)) ca.error(`Il y a : ${Object.keys(SERVER_PARTS).join(', ')}.`, { exitCode: 1 })
      if (SERVER_PARTS[part] === 'server' && name.length === 0)
        ca.error(`Il manque --name : les noms par lesquels on joint ${part}.`, { exitCode: 1 })
      const of = unit !== undefined && site !== undefined ? { unit, site } : undefined
      if ((part === 'gateway') !== (of !== undefined))
        ca.error('--unit et --site vont ensemble, et avec gateway.', { exitCode: 1 })
      if (of !== undefined && !(isUnitId(of.unit) && isSiteId(of.site)))
        ca.error('--unit et --site : minuscules, chiffres et tirets.', { exitCode: 1 })
      const generation = newestOf(readGenerations(folder), folder)
      const passphrase = await askPassphrase('de la clé émettrice', { file: more.issuingPassphraseFile })
      const issuing = openIssuing(folder, generation, passphrase)
      const wish = { part, names: name, folder: out, ...(of && { of }) }
      const files = await issueServerPart(wish, { generation, issuing }, now())
      print(`Certificat de ${part} : ${files.certificateFile}, valable 397 jours.`)
      print(`Sa clé : ${files.keyFile}. Elle ne quitte pas la machine où tourne ${part}.`)
    })

  ca.command('rotate')
    .usage('--folder <dossier>')
    .description('prépare la génération suivante à côté de la présente, dont il faut rapporter la clé de racine')
    .requiredOption('--folder <dossier>', "le dossier de l'autorité")
    .option('--previous-passphrase-file <fichier>', 'la phrase de passe de la racine présente, au lieu de la demander')
    .option('--passphrase-file <fichier>', 'celle de la nouvelle racine, au lieu de la demander')
    .option('--issuing-passphrase-file <fichier>', 'celle des clés émettrices, la même pour toutes')
    .action(async (options: RotateOptions) => {
      const { folder } = options
      const before = await askPassphrase('de la racine présente', { file: options.previousPassphraseFile })
      const issuing = await askPassphrase('des clés émettrices', { file: options.issuingPassphraseFile })
      // One for all: the authority's process opens them with what it is given at its start.
      openIssuing(folder, newestOf(readGenerations(folder), folder), issuing)
      const root = await askPassphrase('de la nouvelle racine', { file: options.passphraseFile, isNew: true })
      const number = await addNextGeneration(folder, { root, issuing }, before, now())
      for (const line of keepingAdvice(folder, number)) print(line)
      for (const line of rotationAdvice(folder, number)) print(line)
    })

  ca.command('retire')
    .usage('<n> --folder <dossier>')
    .description('retire une ancienne génération, quand tous les boîtiers ont renouvelé')
    .argument('<n>', 'son numéro', Number)
    .requiredOption('--folder <dossier>', "le dossier de l'autorité")
    .action((number: number, { folder }: { folder: string }) => {
      retireGeneration(folder, number)
      print(`Génération ${number} retirée ; ses fichiers restent dans ${folder}/retired-${number}.`)
      print("Redémarrer l'autorité, et redonner ca.crt au broker et au cloud.")
    })

  ca.command('dev')
    .usage('--folder <dossier> --fleet <dossier> [--unit <id...>]')
    .description('crée ou complète une autorité de développement, jamais pour un vrai site')
    .requiredOption('--folder <dossier>', 'où sont gardés clés et certificats')
    .requiredOption('--fleet <dossier>', 'les documents des sites (firmware-config/sites)')
    .option('--unit <id...>', 'seulement ces boîtiers, au lieu de tout le parc')
    .action(async ({ folder, fleet, unit }: { folder: string; fleet: string; unit?: string[] }) => {
      const units = readFleet(fleet)
        .flatMap((site) => unitsOf(site).map((unit) => ({ site: site.id, unit })))
        .filter((there) => unit === undefined || unit.includes(there.unit))
      const unknown = (unit ?? []).filter((id) => !units.some((there) => there.unit === id))
      if (unknown.length > 0) ca.error(`Aucun site de ${fleet} n'a de boîtier ${unknown.join(', ')}.`, { exitCode: 1 })
      const { made, renewed } = await createDevelopmentAuthority({ folder, units }, { now })
      const total = units.length + 3
      print(
        `Autorité de développement dans ${folder} : ${total} certificats (ca, broker, cloud, ${units.length} boîtier${units.length === 1 ? '' : 's'}).`,
      )
      if (made.length > 0) print(`  créés : ${list(made)}`)
      if (renewed.length > 0) print(`  renouvelés : ${list(renewed)}`)
      if (made.length + renewed.length === 0) print('  rien à faire, tout est valable')
    })
  return ca
}

type RotateOptions = {
  folder: string
  previousPassphraseFile?: string
  passphraseFile?: string
  issuingPassphraseFile?: string
}

type IssueOptions = {
  folder: string
  out: string
  name?: string[]
  unit?: string
  site?: string
  issuingPassphraseFile?: string
}

/** All names of a small fleet, the first of a large one. */
function list(names: string[]): string {
  const shown = names.slice(0, 8).join(', ')
  return names.length > 8 ? `${shown} et ${names.length - 8} autres` : shown
}
