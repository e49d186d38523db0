import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { AgentSettings } from '@vigie/edge-agent/settings'
import type { CameraPlan } from './camera-plan.ts'
import type { FleetCertificates } from './fleet-authority.ts'
import { siteFile } from './fleet-documents.ts'
import type { Program } from './kept-process.ts'
import type { FleetPlaces } from './places.ts'

export type Ports = { http: number; broker: number; authority: number; cameras: number; museums: number }

/** The certificate authority, as it would run in the office. */
export function authorityProgram(places: FleetPlaces, ports: Ports): Program {
  return {
    name: 'authority',
    file: places.program('provisioning', 'main.js'),
    args: ['authority', 'serve'],
    env: {
      LISTEN_HOST: '127.0.0.1',
      LISTEN_PORT: String(ports.authority),
      AUTHORITY_FOLDER: places.authority,
      PASSPHRASE_FILE: places.issuingPassphrase,
      DATA_FOLDER: places.authorityData,
    },
  }
}

/** The broker, as it would run in the cloud. */
export function brokerProgram(
  places: FleetPlaces,
  ports: Pick<Ports, 'broker'> & Partial<Pick<Ports, 'authority'>>,
  authority: Pick<FleetCertificates, 'caFile' | 'broker'>,
): Program {
  return {
    name: 'broker',
    file: places.program('gateway-broker', 'main.js'),
    env: {
      LISTEN_HOST: '127.0.0.1',
      LISTEN_PORT: String(ports.broker),
      ...certificate(authority.caFile, authority.broker),
      // All lists: of two generations of the authority each has its own.
      ...(ports.authority === undefined ? {} : { CRL_URL: `https://127.0.0.1:${ports.authority}/crl.pem` }),
    },
  }
}

/** The cloud: ingest, store, HTTP. `engines` are its settings for another database or series store. */
export function cloudProgram(
  places: FleetPlaces,
  ports: Pick<Ports, 'http' | 'broker'> & Partial<Pick<Ports, 'authority'>>,
  authority: Pick<FleetCertificates, 'caFile' | 'cloud' | 'configuration' | 'tickets'>,
  engines: Readonly<Record<string, string>>,
): Program {
  return {
    name: 'cloud-api',
    file: places.program('cloud-api', 'main.js'),
    env: {
      LISTEN_HOST: '127.0.0.1',
      LISTEN_PORT: String(ports.http),
      DATA_FOLDER: places.cloud,
      MQTT_URL: `mqtts://127.0.0.1:${ports.broker}`,
      ...certificate(authority.caFile, authority.cloud),
      UNIT_CA_FILE: authority.caFile,
      ...(ports.authority === undefined ? {} : { AUTHORITY_URL: `https://127.0.0.1:${ports.authority}` }),
      CONFIGURATION_CERTIFICATE_FILE: authority.configuration.certificateFile,
      CONFIGURATION_KEY_FILE: authority.configuration.keyFile,
      TICKETS_CERTIFICATE_FILE: authority.tickets.certificateFile,
      TICKETS_KEY_FILE: authority.tickets.keyFile,
      VAULT_KEY_FILE: vaultKeyFile(places),
      FLEET_FOLDER: places.documents,
      CONSOLE_FOLDER: places.program('console'),
      ...engines,
    },
  }
}

/** All cameras, in one process. */
export function camerasProgram(places: FleetPlaces, plan: CameraPlan): Program {
  const file = join(places.runtime, 'cameras.json')
  writePrivate(places.runtime, file, plan.options)
  return { name: 'cameras', file: places.program('tests', 'fakes/camera/main.js'), args: [file], env: {} }
}

/** The agents, several to a process, each with a settings file of its own as on a box. */
export function agentPrograms(
  places: FleetPlaces,
  ports: Pick<Ports, 'broker'> & Partial<Pick<Ports, 'authority'>>,
  authority: Pick<FleetCertificates, 'caFile' | 'unit'>,
  {
    fleet,
    plan,
    perProcess,
    brokerHost,
    settings,
    areEnrolledBefore = true,
    name = 'agents',
    documents = places.documents,
  }: {
    fleet: readonly Pick<SiteDocument, 'id' | 'unit'>[]
    plan: Pick<CameraPlan, 'access'>
    perProcess: number
    brokerHost: string
    settings: Partial<AgentSettings>
    /** Else they enrol themselves at the authority, and `unit` is not asked for files. */
    areEnrolledBefore?: boolean
    /** Of the programs, with a number behind it. */
    name?: string
    /** The folder of the documents. */
    documents?: string
  },
): Program[] {
  const files = fleet.map(({ id, unit }) => {
    const file = join(places.runtime, `${unit}.json`)
    writePrivate(places.runtime, file, {
      siteFile: siteFile(documents, id),
      profilesFolder: places.profiles,
      dataFolder: join(places.units, unit),
      mqttUrl: `mqtts://${brokerHost}:${ports.broker}`,
      caFile: authority.caFile,
      ...(areEnrolledBefore ? authority.unit(unit) : { authorityUrl: `https://127.0.0.1:${ports.authority}` }),
      cameras: plan.access.get(id) ?? {},
      ...settings,
    })
    return file
  })
  const count = Math.ceil(files.length / perProcess)
  return Array.from({ length: count }, (_, index) => ({
    name: `${name}-${index + 1}`,
    file: places.program('tests', 'fleet/agents-main.js'),
    args: files.filter((_file, place) => place % count === index),
    env: {},
  }))
}

/** Made once: with another one, no password that was kept would open again. */
export function vaultKeyFile({ pki }: FleetPlaces): string {
  mkdirSync(pki, { recursive: true, mode: 0o700 })
  const file = join(pki, 'vault.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 })
  return file
}

const certificate = (caFile: string, { certificateFile, keyFile }: { certificateFile: string; keyFile: string }) => ({
  CA_FILE: caFile,
  CERTIFICATE_FILE: certificateFile,
  KEY_FILE: keyFile,
})

function writePrivate(folder: string, file: string, value: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(file, JSON.stringify(value, null, 2), { mode: 0o600 })
}
