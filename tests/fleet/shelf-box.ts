import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UnitId } from '@vigie/contract/ids'
import { openIdentityFolder } from '@vigie/edge-agent/identity/identity-folder'
import type { CameraOptions } from '../fakes/camera/options.ts'
import type { Fleet } from './fleet.ts'
import { certificatesOf } from './fleet-authority.ts'
import { type KeptProcess, keepProcess, type Program } from './kept-process.ts'
import { hasLoopbackMulticast } from './loopback-multicast.ts'
import { placesOf } from './places.ts'
import { findFreePorts } from './port.ts'
import { openRotatedLog } from './rotated-log.ts'

/** A box as it comes from the shelf: with the claim of its label, no certificate, no document, and no camera that it knows. */
export function startShelfBox(
  { addresses }: Pick<Fleet, 'addresses'>,
  dataFolder: string,
  { unit, code }: { unit: string; code: string },
): KeptProcess {
  const places = placesOf(dataFolder)
  const folder = join(places.units, unit)
  openIdentityFolder(join(folder, 'identity')).putClaim({ unit: unit as UnitId, code }) // of the test's own making
  const file = join(places.runtime, `${unit}.json`)
  const settings = {
    profilesFolder: places.profiles,
    dataFolder: folder,
    mqttUrl: addresses.broker,
    authorityUrl: addresses.authority,
    caFile: certificatesOf(places).caFile,
    keepAliveS: 30,
  }
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 })
  const program = { name: unit, file: places.program('tests', 'fleet/agents-main.js'), args: [file], env: {} }
  return keep(program, dataFolder)
}

/** A camera that somebody has screwed to the mast: its address, its login, and where it stands. */
export type MastCamera = { process: KeptProcess; url: string; user: string; password: string }

export async function startMastCamera(
  dataFolder: string,
  camera: Pick<CameraOptions, 'name' | 'site' | 'seed'>,
): Promise<MastCamera> {
  const places = placesOf(dataFolder)
  const port = await findFreePorts(1)
  const [user, password] = ['vigie', randomBytes(12).toString('base64url')]
  const options: CameraOptions = {
    ...camera,
    ...{ user, password, listen: { host: '127.0.0.1', port } },
    ...((await hasLoopbackMulticast()) && { discoveryAddress: '127.0.0.1' }),
  }
  mkdirSync(places.runtime, { recursive: true, mode: 0o700 })
  const file = join(places.runtime, `camera-${port}.json`)
  writeFileSync(file, JSON.stringify([options]), { mode: 0o600 })
  const program = places.program('tests', 'fakes/camera/main.js')
  const process = keep({ name: `camera-${port}`, file: program, args: [file], env: {} }, dataFolder)
  return { process, url: `http://127.0.0.1:${port}/onvif/device_service`, user, password }
}

const keep = (program: Program, dataFolder: string) =>
  keepProcess(
    { ...program, env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...program.env } },
    {
      log: openRotatedLog(placesOf(dataFolder).log(program.name)),
      policy: { firstMs: 100, capMs: 100 },
      note: () => {},
      changed: () => {},
    },
  )
