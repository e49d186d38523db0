import { isIP } from 'node:net'
import { type Problem, ProblemsError } from '@vigie/config-schema/problems'
import { environmentName } from '@vigie/config-schema/settings'
import Type from 'typebox'

const text = (description: string) => Type.String({ description, minLength: 1 })

/** What cloud-api is told from outside; see README.md. */
export const Settings = Type.Object({
  listenHost: Type.String({ description: 'Address to answer HTTP on', minLength: 1, default: '127.0.0.1' }),
  listenPort: Type.Integer({
    description: 'Port to answer HTTP on; 0: any free one',
    minimum: 0,
    maximum: 65_535,
    default: 8080,
  }),
  dataFolder: text('Folder of the pictures and, without other databases, of the SQLite files'),
  databaseUrl: Type.Optional(
    Type.String({ description: 'PostgreSQL, as postgres://...; without it SQLite', pattern: '^postgres(ql)?://' }),
  ),
  influxUrl: Type.Optional(
    Type.String({ description: 'InfluxDB, as http://host:8086; without it SQLite', pattern: '^https?://' }),
  ),
  influxDatabase: Type.String({
    description: 'Database in InfluxDB; made when missing',
    pattern: '^[\\w-]{1,64}$',
    default: 'vigie',
  }),
  influxUser: Type.Optional(text('User of InfluxDB')),
  influxPasswordFile: Type.Optional(text('File with the password of INFLUX_USER')),
  mqttUrl: Type.String({ description: 'Broker, as mqtts://host:8883', pattern: '^mqtts?://' }),
  caFile: Type.Optional(text('Authority of the broker (PEM); needed with mqtts://')),
  certificateFile: Type.Optional(text('Certificate of the cloud, CN=cloud (PEM); needed with mqtts://')),
  keyFile: Type.Optional(text('Key of that certificate (PEM); needed with mqtts://')),
  reportCertificateFile: Type.Optional(
    text('Certificate that signs commissioning reports, with its chain (PEM); without it the one of the cloud'),
  ),
  reportKeyFile: Type.Optional(text('Key of that certificate (PEM)')),
  authorityUrl: Type.Optional(
    Type.String({
      description:
        'The certificate authority, as https://host:8444: claims, units and revocations; needs CERTIFICATE_FILE',
      pattern: '^https://',
    }),
  ),
  configurationCertificateFile: Type.Optional(
    text(
      'Certificate that signs what units should be, CN=configuration, with its chain (PEM); without it nothing is sent',
    ),
  ),
  configurationKeyFile: Type.Optional(text('Key of that certificate (PEM)')),
  ticketsCertificateFile: Type.Optional(
    text('Certificate that signs what gates must know, CN=tickets, with its chain (PEM); without it none is told'),
  ),
  ticketsKeyFile: Type.Optional(text('Key of that certificate (PEM)')),
  vaultKeyFile: Type.Optional(
    text(
      "Key of the vault of the cameras' passwords and of what authenticators share: 32 bytes in hexadecimal or base64; without it none can be kept",
    ),
  ),
  unitCaFile: text('Authorities that issue the certificates of units (PEM)'),
  fleetFolder: text('Folder of the site documents'),
  offerFile: Type.Optional(text('What the museums sell (JSON); without it there are no tickets')),
  sellerKeysFolder: Type.Optional(
    text('Folder with the keys to the APIs of other sellers: <seller>.key, user and key on two lines'),
  ),
  museumsFolder: Type.Optional(text('Folder of the documents of the museums; without it there are none')),
  consoleFolder: text('Folder of the built console'),
  publicOrigin: Type.Optional(
    Type.String({
      description:
        'How browsers name this server, as https://vigie.example; without it people sign in on this machine only',
      pattern: '^https?://[a-z0-9.-]+(:\\d+)?$',
    }),
  ),
  trustedProxies: Type.Optional(
    text(
      'Proxies in front, as 192.0.2.1,10.0.0.0/8: from where people come is what these say; without it all come from the proxy',
    ),
  ),
  oidcIssuer: Type.Optional(
    Type.String({
      description: 'Identity provider, as https://login.example; without it there is none',
      pattern: '^https?://',
    }),
  ),
  oidcClientId: Type.Optional(text('Our name at the identity provider')),
  oidcClientSecretFile: Type.Optional(text('File with our secret at the identity provider')),
  oidcLabel: Type.String({
    description: 'What its button says',
    minLength: 1,
    default: 'Avec le compte du Département',
  }),
  logLevel: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
    description: 'Least level of what is logged: debug, info, warn or error',
    default: 'info',
  }),
})
export type Settings = Readonly<Type.Static<typeof Settings>>

/** Checks what no schema can: settings that need each other. Throws a ProblemsError with every problem. */
export function checkSettings(settings: Settings): Settings {
  const problems: Problem[] = []
  const need = (key: keyof Settings, why: string) => {
    if (settings[key] === undefined)
      problems.push({ place: `${key} (${environmentName(key)})`, message: `is missing: ${why}` })
  }
  if (settings.mqttUrl.startsWith('mqtts:')) {
    need('caFile', 'MQTT_URL is mqtts://')
    need('certificateFile', 'MQTT_URL is mqtts://')
    need('keyFile', 'MQTT_URL is mqtts://')
  }
  if (settings.authorityUrl !== undefined) {
    need('caFile', 'AUTHORITY_URL is given')
    need('certificateFile', 'AUTHORITY_URL is given')
    need('keyFile', 'AUTHORITY_URL is given')
  }
  if (settings.influxUser !== undefined) need('influxPasswordFile', 'INFLUX_USER is given')
  if (settings.influxPasswordFile !== undefined) need('influxUser', 'INFLUX_PASSWORD_FILE is given')
  if (settings.reportCertificateFile !== undefined) need('reportKeyFile', 'REPORT_CERTIFICATE_FILE is given')
  if (settings.reportKeyFile !== undefined) need('reportCertificateFile', 'REPORT_KEY_FILE is given')
  if (settings.configurationKeyFile !== undefined)
    need('configurationCertificateFile', 'CONFIGURATION_KEY_FILE is given')
  if (settings.configurationCertificateFile !== undefined)
    need('configurationKeyFile', 'CONFIGURATION_CERTIFICATE_FILE is given')
  if (settings.ticketsKeyFile !== undefined) need('ticketsCertificateFile', 'TICKETS_KEY_FILE is given')
  if (settings.ticketsCertificateFile !== undefined) need('ticketsKeyFile', 'TICKETS_CERTIFICATE_FILE is given')
  if (settings.oidcIssuer !== undefined) {
    need('oidcClientId', 'OIDC_ISSUER is given')
    need('oidcClientSecretFile', 'OIDC_ISSUER is given')
    need('publicOrigin', 'OIDC_ISSUER is given, and sends people back there')
  }
  if (settings.publicOrigin !== undefined && !/^https:|^http:\/\/localhost(:|$)/.test(settings.publicOrigin)) {
    const place = `publicOrigin (${environmentName('publicOrigin')})`
    problems.push({ place, message: 'must begin with https: a session is never sent without TLS' })
  }
  if (settings.trustedProxies !== undefined && !settings.trustedProxies.split(',').every(isNetwork)) {
    const place = `trustedProxies (${environmentName('trustedProxies')})`
    problems.push({ place, message: 'must be addresses or networks with commas between, as 192.0.2.1,10.0.0.0/8' })
  }
  if (problems.length > 0) throw new ProblemsError('The configuration has problems', problems)
  return settings
}

/** An address, or a network that is not everything. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d+))?$/.exec(text.trim()) ?? []
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  return most > 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= most))
}
