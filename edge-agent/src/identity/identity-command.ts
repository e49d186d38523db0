import { chownSync, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isUnitId, type UnitId } from '@vigie/contract/ids'
import { Command, InvalidArgumentError } from 'commander'
import { speakFrench } from '../probe/french.ts'
import { openIdentityFolder } from './identity-folder.ts'
import type { Bearer } from './identity-step.ts'

type Say = (line: string) => void

/** Where the service of the agent keeps its data. */
const DATA_FOLDER = '/var/lib/vigie-agent'

/** `vigie agent …`: what a technician does to the box that he is logged in on. `readLine` gives what is typed. */
export function createIdentityCommand(say: Say, readLine: () => Promise<string>): Command {
  const agent = new Command('vigie agent').description('Ce boîtier').usage('<commande> [options]')
  agent
    .command('enrol')
    .summary('donne à ce boîtier le code par lequel il demande son certificat')
    .description('Donne à ce boîtier le code par lequel il demande son certificat.')
    .requiredOption('--unit <nom>', "nom du boîtier, sur l'étiquette : vg-0001", unitName)
    .option('--claim <code>', 'le code ou ses douze mots ; sinon demandé, et absent de l’historique', claimText)
    .option('--data-folder <dossier>', "dossier de l'agent", DATA_FOLDER)
    .action(async ({ unit, claim, dataFolder }: { unit: UnitId; claim?: string; dataFolder: string }) => {
      const code = claim ?? claimText(await readLine())
      putClaim({ unit, code }, dataFolder)
      say(`Code déposé pour ${unit}. L'agent s'en sert dans la minute ; suivre avec « vigie agent identity ».`)
    })
  agent
    .command('identity')
    .summary('dit où en est le certificat de ce boîtier')
    .description('Dit où en est le certificat de ce boîtier.')
    .option('--data-folder <dossier>', "dossier de l'agent", DATA_FOLDER)
    .action(({ dataFolder }: { dataFolder: string }) => {
      for (const line of describeIdentity(dataFolder)) say(line)
    })
  return speakFrench(agent)
}

/** The agent is another user than the one who types: what is put here must be its own. */
function putClaim(claim: { unit: UnitId; code: string }, dataFolder: string): void {
  const folder = join(dataFolder, 'identity')
  openIdentityFolder(folder).putClaim(claim)
  const { uid, gid } = statSync(dataFolder)
  for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))]) {
    if (statSync(path).uid !== uid) chownSync(path, uid, gid)
  }
}

/** What lies in the folder, in words; nothing of it is secret. */
function describeIdentity(dataFolder: string): string[] {
  const folder = join(dataFolder, 'identity')
  if (!existsSync(folder)) return ['Pas encore de clé ni de certificat : l’agent n’a jamais tourné ici.']
  const files = openIdentityFolder(folder)
  const { current, next, hasClaim } = files.look()
  return [
    ...(current ? [`Certificat en service : ${inWords(current)}.`] : ['Pas encore de certificat en service.']),
    ...(current && current.serial === files.revoked()
      ? [
          'L’autorité a retiré ce certificat : le boîtier n’admet plus personne. Un nouveau code, « vigie agent enrol », le rétablit.',
        ]
      : []),
    ...(next ? [`Nouveau certificat, pas encore éprouvé auprès du centre : ${inWords(next)}.`] : []),
    ...(hasClaim ? ['Un code est déposé ; l’agent le présente à l’autorité.'] : []),
    ...(!current && !hasClaim ? ['Aucun code : « vigie agent enrol » en dépose un.'] : []),
  ]
}

const inWords = ({ unit, site, serial, endMs }: Bearer) =>
  `${unit} à ${site}, n° ${serial}, jusqu'au ${new Date(endMs).toISOString().slice(0, 10)}`

function unitName(text: string): UnitId {
  if (isUnitId(text)) return text
  throw new InvalidArgumentError('Minuscules, chiffres et tirets.')
}

/** Its checksum is the authority's to check: here only what can be neither the code nor the words. */
function claimText(text: string): string {
  const trimmed = text.trim()
  const isCode = /^[0-9A-Za-z-]{26,40}$/.test(trimmed) && trimmed.replaceAll('-', '').length === 26
  if (isCode || trimmed.split(/\s+/).length === 12) return trimmed
  throw new InvalidArgumentError('26 signes, ou douze mots.')
}
