import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type Problem, ProblemsError } from '@vigie/config-schema/problems'
import Type from 'typebox'

const file = (description: string) => Type.String({ minLength: 1, description })

export const Settings = Type.Object({
  listenHost: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address to listen on; 0.0.0.0 for all' }),
  listenPort: Type.Integer({ minimum: 0, maximum: 65_535, default: 8883, description: 'Port to listen on; 0: any' }),
  caFile: file('Authority of the clients, PEM'),
  certificateFile: file("The broker's certificate, PEM"),
  keyFile: file("The key of the broker's certificate, PEM"),
  crlUrl: Type.Optional(
    Type.String({ pattern: '^https?://', description: "Address of the authority's revocation list, asked every 10 s" }),
  ),
  crlFile: Type.Optional(
    file(
      'File of the revocation list, PEM or DER: looked at every 10 s, or, with CRL_URL, where its last answer is kept',
    ),
  ),
})
export type Settings = Type.Static<typeof Settings>

export type TlsMaterial = { ca: string; certificate: string; key: string }

export type TlsFiles = Pick<Settings, 'caFile' | 'certificateFile' | 'keyFile'>

/** Reads the three files; throws a ProblemsError that names each that is missing, unreadable or not of the others. */
export function readTlsMaterial(settings: TlsFiles): TlsMaterial {
  const problems: Problem[] = []
  const read = (place: string, path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      problems.push({ place, message: 'the file cannot be read' })
      return ''
    }
  }
  const ca = read('caFile (CA_FILE)', settings.caFile)
  const certificate = read('certificateFile (CERTIFICATE_FILE)', settings.certificateFile)
  const key = read('keyFile (KEY_FILE)', settings.keyFile)
  if (problems.length === 0) {
    const isUsable = (use: () => unknown) => {
      try {
        use()
        return true
      } catch {
        return false
      }
    }
    if (!isUsable(() => new X509Certificate(ca)))
      problems.push({ place: 'caFile (CA_FILE)', message: 'holds no certificate' })
    if (!isUsable(() => createSecureContext({ cert: certificate, key }))) {
      problems.push({
        place: 'keyFile (KEY_FILE)',
        message: 'is not the key of the certificate, or one of them is damaged',
      })
    }
  }
  if (problems.length > 0) throw new ProblemsError('The configuration has problems', problems)
  return { ca, certificate, key }
}
