import { Command } from 'commander'
import { createCloudClient } from '../cloud/cloud-client.ts'
import { forgetSession, keepSession, readSession } from '../cloud/kept-session.ts'
import type { AskHidden } from './ask-passphrase.ts'

export type SessionDeps = { sessionFile: string; print: (line: string) => void; askHidden: AskHidden }

/** `vigie session …`: signs in to the cloud, for the commands that ask it. */
export function sessionCommand({ sessionFile, print, askHidden }: SessionDeps): Command {
  const session = new Command('session').description('la session avec le cloud').usage('<commande> [options]')
  session
    .command('begin')
    .usage('--cloud <adresse> --name <nom>')
    .description('ouvre une session : demande le mot de passe, puis le code du second facteur')
    .requiredOption('--cloud <adresse>', "l'adresse du cloud, https://…")
    .requiredOption('--name <nom>', 'le nom du compte')
    .action(async ({ cloud, name }: { cloud: string; name: string }) => {
      const { origin } = new URL(cloud)
      const password = await askHidden('Mot de passe : ')
      const first = await createCloudClient({ origin, cookie: '' }).ask('POST', '/session', { name, password })
      let cookie = first.cookie ?? ''
      if ((first.value as { state?: unknown } | null)?.state === 'second-factor') {
        const code = await askHidden('Code du second facteur : ')
        const second = await createCloudClient({ origin, cookie }).ask('POST', '/session/second-factor', { code })
        cookie = second.cookie ?? cookie
      }
      keepSession(sessionFile, { origin, cookie })
      print(`Session ouverte pour ${name} sur ${origin}.`)
    })
  session
    .command('end')
    .description('ferme la session et oublie son secret')
    .action(async () => {
      const kept = readSession(sessionFile)
      forgetSession(sessionFile)
      if (kept !== undefined) await createCloudClient(kept).ask('DELETE', '/session')
      print('Session fermée.')
    })
  return session
}
