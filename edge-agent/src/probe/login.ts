import { readFileSync } from 'node:fs'
import type { Terminal } from './terminal.ts'

export type ProbeLogin = { user: string; password: string }

/** Where a login may come from. Never from the command line, which every user of the machine can read. */
export type LoginSources = {
  user: string | undefined
  passwordFile: string | undefined
  env: Readonly<Record<string, string | undefined>>
}

/** A person has to give the command otherwise; the message is French. */
export class UsageError extends Error {
  readonly code = 'usage'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UsageError'
  }
}

/**
 * The login to begin with: the password from its file, from VIGIE_CAMERA_PASSWORD, or asked. Null without a user: many
 * cameras say a lot to anybody, and who is refused is asked then.
 * @throws UsageError
 */
export async function findLogin(
  { user = '', passwordFile, env }: LoginSources,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ProbeLogin | null> {
  const name = user || env['VIGIE_CAMERA_USER'] || ''
  if (name === '') return null
  if (passwordFile !== undefined) return { user: name, password: readPassword(passwordFile) }
  const password = env['VIGIE_CAMERA_PASSWORD'] ?? (await terminal.ask?.secret(`Mot de passe de ${name} : `, signal))
  if (password !== undefined) return { user: name, password }
  throw new UsageError('Il manque le mot de passe : --password-file FICHIER, ou la variable VIGIE_CAMERA_PASSWORD.')
}

/** Asks for both, when somebody is there to be asked; null when he gives no name. */
export async function askLogin(terminal: Terminal, signal: AbortSignal): Promise<ProbeLogin | null> {
  if (terminal.ask === null) return null
  const user = (await terminal.ask.text('Compte ONVIF : ', signal)).trim()
  if (user === '') return null
  return { user, password: await terminal.ask.secret('Mot de passe : ', signal) }
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw new UsageError(`Le fichier du mot de passe ne peut pas être lu : ${file}`, { cause })
  }
}
