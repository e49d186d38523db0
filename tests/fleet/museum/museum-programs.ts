import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FleetCertificates } from '../fleet-authority.ts'
import type { Program } from '../kept-process.ts'
import type { FleetPlaces } from '../places.ts'
import type { Ports } from '../programs.ts'
import type { GatesOptions } from './gates-main.ts'
import type { MuseumPlan } from './plan-museums.ts'

export const gatewayName = (site: string) => `gateway-${site}`

/** The gateway of one museum, as it would run there; its page without TLS, since a browser knows nothing of our authority. */
export function gatewayProgram(
  places: FleetPlaces,
  ports: Pick<Ports, 'broker' | 'authority'>,
  { caFile, broker, unit }: Pick<FleetCertificates, 'caFile' | 'broker' | 'unit'>,
  { document, ports: own }: MuseumPlan,
): Program {
  const ofUnit = unit(document.unit)
  return {
    name: gatewayName(document.id),
    file: places.program('gateway-broker', 'museum-main.js'),
    env: {
      ...{ LISTEN_HOST: '127.0.0.1', LISTEN_PORT: String(own.broker) },
      ...{ HTTP_HOST: '127.0.0.1', HTTP_PORT: String(own.page), HTTP_PLAIN: 'true' },
      ...{ CA_FILE: caFile, CERTIFICATE_FILE: broker.certificateFile, KEY_FILE: broker.keyFile },
      CRL_URL: `https://127.0.0.1:${ports.authority}/crl.pem`,
      ...{ SITE: document.id, UNIT: document.unit, DATA_FOLDER: join(places.units, document.unit) },
      CONSOLE_FOLDER: places.program('console'),
      CLOUD_URL: `mqtts://127.0.0.1:${ports.broker}`,
      UNIT_CA_FILE: caFile,
      ...{ UNIT_CERTIFICATE_FILE: ofUnit.certificateFile, UNIT_KEY_FILE: ofUnit.keyFile },
    },
  }
}

/** All tripods and readers, and those who come to them, in one process. */
export function gatesProgram(places: FleetPlaces, options: GatesOptions): Program {
  mkdirSync(places.runtime, { recursive: true, mode: 0o700 })
  const file = join(places.runtime, 'gates.json')
  writeFileSync(file, JSON.stringify(options, null, 2), { mode: 0o600 })
  return { name: 'gates', file: places.program('tests', 'fleet/museum/gates-main.js'), args: [file], env: {} }
}
