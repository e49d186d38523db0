import { readFleet } from '@vigie/config-schema/documents'
import { Command } from 'commander'
import { createDevelopmentAuthority } from '../authority/development-authority.ts'

/** `vigie ca …`: the certificates of a fleet. */
export function caCommand({ now, print }: { now: () => number; print: (line: string) => void }): Command {
  const ca = new Command('ca').description("les certificats d'un parc").usage('<commande> [options]')
  ca.command('dev')
    .usage('--folder <dossier> --fleet <dossier> [--unit <id...>]')
    .description('crée ou complète une autorité de développement, jamais pour un vrai site')
    .requiredOption('--folder <dossier>', 'où sont gardés clés et certificats')
    .requiredOption('--fleet <dossier>', 'les documents des sites (firmware-config/sites)')
    .option('--unit <id...>', 'seulement ces boîtiers, au lieu de tout le parc')
    .action(async ({ folder, fleet, unit }: { folder: string; fleet: string; unit?: string[] }) => {
      const units = readFleet(fleet)
        .map((site) => ({ site: site.id, unit: site.unit }))
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

/** All names of a small fleet, the first of a large one. */
function list(names: string[]): string {
  const shown = names.slice(0, 8).join(', ')
  return names.length > 8 ? `${shown} et ${names.length - 8} autres` : shown
}
