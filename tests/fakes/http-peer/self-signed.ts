import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SelfSigned = { key: string; cert: string; fingerprint: string }

/** A certificate as cameras make their own: for one name, signed by itself. Made by openssl. */
export function selfSigned(name: string): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-certificate-'))
  try {
    const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')]
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`]
    execFileSync('openssl', ['req', '-x509', ...kind, ...names, ...files], { stdio: 'pipe' })
    const cert = readFileSync(join(folder, 'cert'), 'utf8')
    const { fingerprint256: fingerprint } = new X509Certificate(cert)
    return { key: readFileSync(join(folder, 'key'), 'utf8'), cert, fingerprint }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
