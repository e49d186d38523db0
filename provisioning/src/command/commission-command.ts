import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import type { CloudCommandDeps } from './claim-command.ts'
import { type SignedInClient, signedInClient } from './signed-in-client.ts'

type Commissioning = { id: string; site: string; unit: string | null; steps: { title: string; state: string }[] }
type Check = {
  check: string
  title: string
  state: 'waiting' | 'running' | 'passed' | 'failed' | 'by-hand' | 'not-applicable'
  measured: string | null
  reason: string | null
  advice: string | null
  toDo: string | null
}

const MARKS: Record<Check['state'], string> = {
  passed: 'oui   ',
  'by-hand': 'vu    ',
  failed: 'NON   ',
  running: '…     ',
  waiting: 'attend',
  'not-applicable': '—     ',
}
const STEPS: Record<string, string> = { todo: 'à faire', begun: 'commencée', done: 'faite' }

/** The cloud looks every two seconds. */
const LOOK_EVERY_MS = 2_000

type Deps = CloudCommandDeps & { lookEveryMs?: number }

/** `vigie commission …`: puts a site into service without a phone. */
export function commissionCommand({ sessionFile, print, lookEveryMs = LOOK_EVERY_MS }: Deps): Command {
  const commission = new Command('commission').description('la mise en service d’un site').usage('<commande> [options]')

  commission
    .command('start')
    .argument('<site>')
    .usage('<site> [--unit <id>]')
    .description('commence la mise en service d’un site, ou continue celle qui est ouverte')
    .option('--unit <id>', 'le boîtier que l’on pose')
    .action(async (site: string, { unit }: { unit?: string }) => {
      const body = { site, ...(unit === undefined ? {} : { unit }) }
      const { status, value } = await signedInClient(sessionFile).ask('POST', '/commissionings', body)
      const { id, steps } = value as Commissioning // the API's own description
      print(`Mise en service ${id} ${status === 201 ? 'commencée' : 'continuée'}.`)
      for (const step of steps) print(`  ${step.title} : ${STEPS[step.state] ?? step.state}`)
    })

  commission
    .command('checks')
    .argument('<site>')
    .usage('<site> [--only <nom...>] [--show]')
    .description('lance les vérifications et attend leur fin ; code de sortie 2 si l’une échoue')
    .option('--only <nom...>', 'celles-ci seulement')
    .option('--show', 'montre où elles en sont, sans rien lancer ni attendre')
    .action(async (site: string, { only, show }: { only?: string[]; show?: true }) => {
      const client = signedInClient(sessionFile)
      const path = `/commissionings/${await openOne(client, site)}/checks`
      if (show === true) {
        for (const one of checksIn((await client.ask('GET', path)).value)) printCheck(one, print)
        return
      }
      const isWanted = ({ check }: Check) => only === undefined || only.includes(check)
      let checks = checksIn((await client.ask('POST', path, only === undefined ? {} : { checks: only })).value)
      for (const { toDo } of checks.filter(isWanted)) if (toDo !== null) print(`À faire : ${toDo}`)
      const told = new Set<string>()
      for (;;) {
        for (const one of checks.filter(isWanted)) {
          if (one.state === 'running' || told.has(one.check)) continue
          told.add(one.check)
          printCheck(one, print)
        }
        if (!checks.filter(isWanted).some(({ state }) => state === 'running')) break
        await pause(lookEveryMs)
        checks = checksIn((await client.ask('GET', path)).value)
      }
      if (checks.filter(isWanted).some(({ state }) => state === 'failed')) process.exitCode = 2
    })

  commission
    .command('report')
    .argument('<site>')
    .usage('<site> --file <fichier.pdf>')
    .description('établit le procès-verbal signé, et le garde ici aussi')
    .requiredOption('--file <fichier>', 'où garder le PDF')
    .action(async (site: string, { file }: { file: string }) => {
      const client = signedInClient(sessionFile)
      const path = `/commissionings/${await openOne(client, site)}`
      await client.ask('POST', `${path}/report`)
      writeFileSync(file, await client.read(`${path}/report.pdf`))
      print(`Procès-verbal gardé dans ${file}. « pdfsig ${file} » en vérifie la signature.`)
    })
  return commission
}

/** The open commissioning of a site; begins one where there is none. */
async function openOne(client: SignedInClient, site: string): Promise<string> {
  const { value } = await client.ask('POST', '/commissionings', { site })
  return (value as Commissioning).id // the API's own description
}

const checksIn = (value: unknown): Check[] => (value as { checks: Check[] }).checks // the API's own description

function printCheck({ state, title, check, measured, reason, advice }: Check, print: (line: string) => void): void {
  print(`${MARKS[state]}  ${title} (${check})`)
  for (const line of [measured, reason, advice]) if (line !== null) print(`        ${line}`)
}
