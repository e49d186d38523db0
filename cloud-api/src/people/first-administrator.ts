import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import type { Grant } from './person.ts'
import { hashOfSecret, newSecret } from './secret.ts'

/** Long enough to walk from the server to a browser; a restart prints a new one. */
const LINK_FOR_MS = 24 * 3_600_000

/** Where the secret of a link stands: after the #, which a browser never sends to any server, nor writes a proxy down. */
export const welcomeAddress = (origin: string, secret: string): string => `${origin}/bienvenue#${secret}`

const EVERYTHING: Grant[] = [{ role: 'administrator', sites: 'all' }]

const fileIn = (dataFolder: string) => join(dataFolder, 'first-administrator.txt')

/** To be called before anything is answered: the link of an earlier start may be too old. */
export const forgetFirstLink = (dataFolder: string): Promise<void> => rm(fileIn(dataFolder), { force: true })

type Deps = {
  store: Pick<Store, 'people' | 'oneTimeLinks'>
  clock: Clock
  newName: () => string
  log: Logger
  /** Writes a line for whoever sits before the server; it holds a secret, so it is no line of the log. */
  tell: (line: string) => void
}

/**
 * While nobody has an account, makes the link by which the first administrator gets one, and tells it twice: in a line,
 * and in a file that only the owner of the process reads.
 */
export async function inviteFirstAdministrator(
  { store, clock, newName, log, tell }: Deps,
  { origin, dataFolder }: { origin: string; dataFolder: string },
): Promise<void> {
  if (!(await store.people.isEmpty())) return
  const file = fileIn(dataFolder)
  const secret = newSecret()
  const now = clock.now()
  const endsAt = now + LINK_FOR_MS
  await store.oneTimeLinks.make(
    {
      id: newName(),
      tokenHash: hashOfSecret(secret),
      kind: 'first-administrator',
      person: null,
      displayName: '',
      roles: JSON.stringify(EVERYTHING),
      madeBy: 'cloud',
      madeAt: now,
      endsAt,
    },
    null,
  )
  const address = welcomeAddress(origin, secret)
  await writeFile(file, `${address}\n`, { mode: 0o600 })
  log.warn({ event: 'people.nobody-yet', file, endsAt: new Date(endsAt).toISOString() })
  tell(`Nobody has an account yet. The first administrator opens this, once, within 24 hours:\n  ${address}`)
}
