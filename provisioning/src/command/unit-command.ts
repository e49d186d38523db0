import { REVOCATION_REASONS, type RevocationReason } from '@vigie/contract/office'
import { Command, Option } from 'commander'
import type { CloudCommandDeps } from './claim-command.ts'
import { signedInClient } from './signed-in-client.ts'

type Unit = {
  unit: string
  site: string
  state: 'certified' | 'expired' | 'revoked'
  certificates: { endsAt: string; reason: RevocationReason | null }[]
}

const REASONS: Record<RevocationReason, string> = {
  stolen: 'volé',
  lost: 'perdu',
  replaced: 'remplacé',
  compromised: 'clé compromise',
  retired: 'mis hors service',
  superseded: 'nouvelle clé',
}

/** `vigie unit …`: which boxes have a certificate, and shutting one out. */
export function unitCommand({ sessionFile, print }: CloudCommandDeps): Command {
  const unit = new Command('unit').description('les boîtiers et leurs certificats').usage('<commande> [options]')

  unit
    .command('list')
    .description('liste les boîtiers qui se sont enrôlés')
    .action(async () => {
      const { value } = await signedInClient(sessionFile).ask('GET', '/units')
      const { units } = value as { units: Unit[] } // the API's own description
      if (units.length === 0) print("Aucun boîtier ne s'est encore enrôlé.")
      for (const one of units) print(`${one.unit}  ${one.site}  ${stateOf(one)}`)
    })

  unit
    .command('revoke')
    .argument('<boîtier>')
    .usage('<boîtier> --reason <raison>')
    .description('révoque un boîtier : il est coupé en moins d’une minute')
    .addOption(
      new Option(
        '--reason <raison>',
        `pourquoi : ${REVOCATION_REASONS.map((one) => `${one} (${REASONS[one]})`).join(', ')}`,
      )
        .choices([...REVOCATION_REASONS])
        .makeOptionMandatory(),
    )
    .action(async (name: string, { reason }: { reason: RevocationReason }) => {
      const path = `/units/${encodeURIComponent(name)}/revocation`
      await signedInClient(sessionFile).ask('POST', path, { reason })
      print(`${name} est révoqué (${REASONS[reason]}). Il ne reviendra qu'avec une nouvelle clé et un nouveau code.`)
    })
  return unit
}

function stateOf({ state, certificates: [newest] }: Unit): string {
  if (state === 'revoked') return `révoqué (${REASONS[newest?.reason ?? 'retired']})`
  const day = newest === undefined ? '' : newest.endsAt.slice(0, 10)
  return state === 'certified'
    ? `certificat jusqu'au ${day}`
    : `certificat expiré le ${day}, se renouvellera de lui-même`
}
