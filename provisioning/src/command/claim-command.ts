import type { Claim, ClaimMade, Claims } from '@vigie/contract/office'
import { Command } from 'commander'
import { toString as drawQr } from 'qrcode'
import type { Static } from 'typebox'
import type { SessionDeps } from './session-command.ts'
import { signedInClient } from './signed-in-client.ts'

export type CloudCommandDeps = { sessionFile: string; print: (line: string) => void }

const STATES: Record<Claim['state'], string> = {
  open: 'à rattacher',
  bound: 'rattaché',
  used: 'utilisé',
  expired: 'expiré',
  withdrawn: 'retiré',
}

/** `vigie claim …`: the one-time codes by which boxes enrol. */
export function claimCommand({ sessionFile, print, askHidden }: SessionDeps): Command {
  const claim = new Command('claim').description("les codes d'installation des boîtiers").usage('<commande> [options]')

  claim
    .command('new')
    .usage('[--unit <id>] [--site <id>] [--days <n>]')
    .description("crée un code ; il n'est montré qu'ici, une fois")
    .option('--unit <id>', 'pour ce boîtier seulement')
    .option('--site <id>', 'rattaché à ce site dès maintenant (sinon sur place, par le technicien)')
    .option('--days <n>', 'valable tant de jours (7 avec un site, trois ans sans)', Number)
    .action(async ({ unit, site, days }: { unit?: string; site?: string; days?: number }) => {
      const client = signedInClient(sessionFile)
      const named = { ...(unit === undefined ? {} : { unit }), ...(site === undefined ? {} : { site }) }
      const lasting = days === undefined ? {} : { expiresInS: Math.round(days * 86_400) }
      const { value } = await client.ask('POST', '/claims', { ...named, ...lasting })
      const made = value as ClaimMade & { path: string } // the API's own description
      print(await drawQr(new URL(made.path, client.origin).href, { type: 'terminal', small: true }))
      print(`Code  ${made.code}`)
      print(`Mots  ${made.words}`)
      print(`Valable jusqu'au ${dayOf(made.expiresAt)}. Il ne sera plus montré : notez-le ou imprimez l'étiquette.`)
    })

  claim
    .command('bind')
    .usage('--site <id>')
    .description("rattache à un site le code qui est sur l'étiquette d'un boîtier ; le code est demandé")
    .requiredOption('--site <id>', 'où le boîtier est posé')
    .action(async ({ site }: { site: string }) => {
      const code = (await askHidden('Code ou douze mots : ')).trim()
      await signedInClient(sessionFile).ask('POST', '/claims/bind', { code, site })
      print(`Code rattaché à ${site} : le boîtier peut s'enrôler.`)
    })

  claim
    .command('list')
    .description('liste les codes, sans les montrer')
    .action(async () => {
      const { value } = await signedInClient(sessionFile).ask('GET', '/claims')
      const { claims } = value as Static<typeof Claims> // the API's own description
      if (claims.length === 0) print('Aucun code.')
      for (const { id, state, unit, site, madeBy, expiresAt } of claims) {
        const until = state === 'open' || state === 'bound' ? `, jusqu'au ${dayOf(expiresAt)}` : ''
        print(`${id}  ${STATES[state]}${until}  ${unit ?? 'tout boîtier'}  ${site ?? 'aucun site'}  par ${madeBy}`)
      }
    })

  claim
    .command('withdraw')
    .argument('<id>')
    .usage('<id>')
    .description("retire un code : aucun boîtier ne s'enrôle plus avec lui")
    .action(async (id: string) => {
      await signedInClient(sessionFile).ask('DELETE', `/claims/${encodeURIComponent(id)}`)
      print('Code retiré.')
    })
  return claim
}

const dayOf = (time: string) =>
  new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(new Date(time))
