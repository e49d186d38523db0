import { readFileSync } from 'node:fs'
import { ProblemsError } from '@vigie/config-schema/problems'
import { Command, Option } from 'commander'
import type { CloudCommandDeps } from './claim-command.ts'
import { signedInClient } from './signed-in-client.ts'

type PlannedSite = { site: string; name: string; road: string; altitudeM: number; unit: string; cameras: number }
type Shown = {
  site: string
  name: string
  road: string
  freshness: string
  unit: { id: string; presence: string; software: string | null }
  cameras: { camera: string; condition: string; fault: string | null }[]
}
type Replacement = { commissioning: { id: string }; claim: { code: string; words: string; expiresAt: string } | null }

const PRESENCE: Record<string, string> = { online: 'en ligne', offline: 'hors ligne', unknown: 'jamais entendu' }

/** `vigie site …`: the places of the fleet. */
export function siteCommand({ sessionFile, print }: CloudCommandDeps): Command {
  const site = new Command('site').description('les sites du parc').usage('<commande> [options]')

  site
    .command('new')
    .argument('<fichier>')
    .usage('<fichier>')
    .description('ajoute un site, encore sans caméra, depuis un document JSON')
    .addHelpText(
      'after',
      '\nLe document : {"id","name","road","kind","latitude","longitude","altitudeM","wave","unit"} ; voir firmware-config.',
    )
    .action(async (file: string) => {
      const document = readDocument(file)
      await signedInClient(sessionFile).ask('POST', '/sites', document)
      print('Site ajouté. Ses caméras viendront pendant la mise en service : « vigie commission start <site> ».')
    })

  site
    .command('list')
    .description('liste les sites')
    .action(async () => {
      const { value } = await signedInClient(sessionFile).ask('GET', '/operators/sites')
      const { sites } = value as { sites: PlannedSite[] } // the API's own description
      if (sites.length === 0) print('Aucun site.')
      for (const one of sites) {
        const cameras = `${one.cameras} caméra${one.cameras > 1 ? 's' : ''}`
        print(`${one.site}  ${one.name}  ${one.road}  ${one.altitudeM} m  ${one.unit}  ${cameras}`)
      }
    })

  site
    .command('show')
    .argument('<site>')
    .usage('<site>')
    .description('montre un site : son boîtier et ses caméras')
    .action(async (id: string) => {
      const { value } = await signedInClient(sessionFile).ask('GET', `/operators/sites/${encodeURIComponent(id)}`)
      const { name, road, unit, cameras } = value as Shown // the API's own description
      print(`${name}  ${road}`)
      print(`Boîtier ${unit.id}  ${PRESENCE[unit.presence] ?? unit.presence}  logiciel ${unit.software ?? 'inconnu'}`)
      for (const one of cameras) print(`Caméra ${one.camera}  ${one.fault ?? 'donne des images'}`)
    })

  site
    .command('replace')
    .argument('<site>')
    .usage('<site> --reason <texte> [--stolen] [--unit <id>]')
    .description('commence à remplacer le boîtier d’un site ; sans --unit, montre le code du nouveau, une fois')
    .requiredOption('--reason <texte>', 'pourquoi')
    .option('--stolen', "révoque l'ancien boîtier tout de suite, au lieu d'attendre que le nouveau tourne")
    .addOption(new Option('--unit <id>', 'seul ce boîtier peut prendre la place, avec le code de son étiquette'))
    .action(async (id: string, { reason, stolen, unit }: { reason: string; stolen?: true; unit?: string }) => {
      const oldUnitEnds = stolen === true ? 'at-once' : 'when-new-runs'
      const { value } = await signedInClient(sessionFile).ask('POST', `/sites/${encodeURIComponent(id)}/replacement`, {
        ...{ reason, oldUnitEnds },
        ...(unit === undefined ? {} : { unit }),
      })
      const { commissioning, claim } = value as Replacement // the API's own description
      print(`Remplacement ${commissioning.id} commencé : le site attend le nouveau boîtier.`)
      if (unit !== undefined) print(`Rattachez le code de son étiquette : « vigie claim bind --site ${id} ».`)
      else if (claim === null) print(`L'autorité ne répond pas : « vigie claim new --site ${id} » plus tard.`)
      else print(`Code  ${claim.code}\nMots  ${claim.words}`)
    })
  return site
}

function readDocument(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemsError(file, [{ place: '(document)', message: 'is not JSON' }])
  }
}
