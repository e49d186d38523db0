import { type Problem, ProblemsError } from '@vigie/config-schema/problems'
import { readSettings, type SettingsSource } from '@vigie/config-schema/settings'
import { SiteId, UnitId } from '@vigie/contract/ids'
import Type from 'typebox'
import { Settings } from '../settings.ts'

const file = (description: string) => Type.String({ minLength: 1, description })

/** A museum's gateway: the broker of its lanes, the ledger that they share, the staff's page, and a unit of its site. */
export const MuseumSettings = Type.Object({
  ...Settings.properties,
  site: Type.Unsafe<SiteId>({ ...SiteId, description: 'The museum, as its site document says' }),
  unit: Type.Unsafe<UnitId>({ ...UnitId, description: 'This box, as its label says' }),
  dataFolder: file('Folder for the ledger, the lists and the session number'),
  takeBackWithinS: Type.Integer({
    minimum: 0,
    maximum: 600,
    default: 60,
    description: 'How long a ledger that is new or was damaged waits for lanes that hold its rows, before it writes',
  }),
  httpHost: Type.String({
    minLength: 1,
    default: '127.0.0.1',
    description: "Address to listen on for the staff's phones",
  }),
  httpPort: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 8443,
    description: "Port to listen on for the staff's phones; 0: any",
  }),
  httpPlain: Type.Boolean({
    default: false,
    description: 'Without TLS, on the loopback address alone: behind a proxy of this machine, and for tests',
  }),
  consoleFolder: file('The built console'),
  cloudUrl: Type.String({ pattern: '^mqtts?://', description: "The cloud's broker: mqtts://host:8883" }),
  unitCaFile: file('Whom the unit believes: the authority of broker, cloud and signers, PEM'),
  unitCertificateFile: Type.Optional(
    file("The unit's certificate, PEM; with AUTHORITY_URL what it begins with, if not with a code"),
  ),
  unitKeyFile: Type.Optional(file("The key of the unit's certificate, PEM")),
  authorityUrl: Type.Optional(
    Type.String({
      pattern: '^https://',
      description:
        'The certificate authority, https://host:8444, with which the gateway renews its certificates by itself',
    }),
  ),
})
export type MuseumSettings = Type.Static<typeof MuseumSettings>

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/

/** Reads and checks; throws a ProblemsError with every problem. Passes never cross a network in the clear. */
export function readMuseumSettings(source: SettingsSource): Readonly<MuseumSettings> {
  const settings = readSettings(MuseumSettings, source)
  const problems: Problem[] = []
  if (settings.httpPlain && !LOOPBACK.test(settings.httpHost)) {
    problems.push({ place: 'httpPlain (HTTP_PLAIN)', message: 'only with HTTP_HOST on the loopback address' })
  }
  const { unitCertificateFile, unitKeyFile, authorityUrl } = settings
  if ((unitCertificateFile === undefined) !== (unitKeyFile === undefined) || !(unitKeyFile ?? authorityUrl)) {
    const message = 'comes with UNIT_KEY_FILE, and is needed without AUTHORITY_URL'
    problems.push({ place: 'unitCertificateFile (UNIT_CERTIFICATE_FILE)', message })
  }
  if (problems.length > 0) throw new ProblemsError('The configuration has problems', problems)
  return settings
}
