import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ClaimMade } from '@vigie/contract/office'
import type { CertificateFiles } from '@vigie/provisioning/authority/development-authority'
import { type Answer, type Asking, askAuthority, askOffice } from '../fixtures/ask-authority.ts'
import { placesOf } from '../fleet/places.ts'

/** The authority as it runs in production: made and served by the command `vigie`, a process of its own. */
export type AuthorityProcess = {
  url: string
  pid: number | undefined
  /** Files: roots alone, roots and issuing authorities, the issuing certificate and its key. */
  roots: string
  trust: string
  issuing: string
  issuingKey: string
  passphrase: string
  issue(part: 'broker' | 'cloud' | 'configuration' | 'tickets', names?: string[]): Promise<CertificateFiles>
  ask(path: string, asking?: Asking): Promise<Answer>
  office(method: string, path: string, body?: unknown): Promise<{ status: number; value: unknown }>
  claim(wish: { unit?: string; site?: string }): Promise<ClaimMade>
  stop(): Promise<void>
}

const vigie = placesOf('').program('provisioning', 'main.js')

export async function startAuthorityProcess(folder: string): Promise<AuthorityProcess> {
  const passphrase = 'la phrase de la clé émettrice'
  const file = (name: string) => join(folder, name)
  writeFileSync(file('root-passphrase'), 'la phrase de la racine\n', { mode: 0o600 })
  writeFileSync(file('issuing-passphrase'), `${passphrase}\n`, { mode: 0o600 })
  const secrets = ['--issuing-passphrase-file', file('issuing-passphrase')]
  const run = (...args: string[]) => execFileSync(process.execPath, [vigie, ...args], { encoding: 'utf8' })
  run('ca', 'init', '--folder', file('authority'), '--passphrase-file', file('root-passphrase'), ...secrets)
  const issue = async (part: string, names: string[] = []) => {
    const named = names.length === 0 ? [] : ['--name', ...names]
    run('ca', 'issue', part, '--folder', file('authority'), '--out', file('parts'), ...secrets, ...named)
    return { certificateFile: file(`parts/${part}.crt`), keyFile: file(`parts/${part}.key`) }
  }
  const cloud = await issue('cloud')

  const child = spawn(process.execPath, [vigie, 'authority', 'serve'], {
    env: {
      LISTEN_PORT: '0',
      AUTHORITY_FOLDER: file('authority'),
      PASSPHRASE_FILE: file('issuing-passphrase'),
      DATA_FOLDER: file('authority-data'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the authority ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line)
      if (said.event === 'authority.listening') resolve(said.port)
    })
  })

  const trust = file('authority/ca.crt')
  const ask = (path: string, asking: Asking = {}) => askAuthority(port, trust, path, asking)
  const office = (method: string, path: string, body?: unknown) => askOffice(port, trust, cloud, { method, path, body })
  return {
    pid: child.pid,
    ...{ url: `https://127.0.0.1:${port}`, roots: file('authority/roots.crt'), trust, passphrase },
    ...{ issuing: file('authority/issuing-1.crt'), issuingKey: file('authority/issuing-1.key') },
    ...{ issue, ask, office },
    claim: async (wish) => (await office('POST', '/claims', { expiresInS: 3_600, by: 'essai', ...wish })).value,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
