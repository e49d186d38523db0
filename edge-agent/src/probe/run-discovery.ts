import type { NetworkInterfaceInfo } from 'node:os'
import { CameraFault } from '../camera/camera-fault.ts'
import { discoverCameras } from '../camera/discover-cameras.ts'
import type { DiscoveredCamera } from '../camera/discovery-answer.ts'
import type { Time } from '../time.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { FAULT_WORDING } from './fault-wording.ts'
import { addressesOf } from './interfaces.ts'
import { wrap } from './narrow-text.ts'
import type { ProbeOptions } from './probe-options.ts'
import type { Terminal } from './terminal.ts'

export type DiscoveryDeps = {
  time: Time
  terminal: Terminal
  newUuid: () => string
  interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]>
}

/**
 * Looks for cameras and lists them as they answer.
 * @returns the exit code
 * @throws UsageError
 */
export async function runDiscovery(
  options: ProbeOptions,
  { time, terminal, newUuid, interfaces }: DiscoveryDeps,
  signal: AbortSignal,
): Promise<number> {
  const from = addressesOf(options.interface, interfaces())
  const say = (line: string) => {
    if (!options.json) terminal.print(line)
  }
  const onFound = ({ url, name, model }: DiscoveredCamera) => {
    say(`✓ ${[name, model].filter((text) => text !== '').join(', ') || 'caméra sans nom'}`)
    say(`  ${url}`)
  }
  if (from.length > 0) say(`Recherche pendant ${options.deadline} s (${from.join(', ')})`)
  try {
    const search = { from, withinMs: options.deadline * 1000, onFound }
    const cameras = await discoverCameras(search, { time, newUuid }, signal)
    if (options.json) terminal.print(JSON.stringify({ cameras }))
    for (const line of wrap(cameras.length === 0 ? NOTHING : NEXT)) say(line)
    return cameras.length === 0 ? EXIT_CODES.none.code : EXIT_CODES.good.code
  } catch (error) {
    if (!(error instanceof CameraFault)) throw error
    const { what, remedy } = FAULT_WORDING[error.code]
    if (options.json) terminal.print(JSON.stringify({ cameras: [], findings: [{ code: error.code, what, remedy }] }))
    for (const line of [...wrap(what, '  ', '✗ '), ...wrap(remedy, '  ', '→ ')]) say(line)
    return EXIT_CODES.faulty.code
  }
}

const NEXT = 'Pour en examiner une : vigie camera probe suivi de son adresse.'
const NOTHING =
  "Aucune caméra n'a répondu. Vérifier qu'elle est alimentée et sur ce réseau, et que sa découverte ONVIF est activée. " +
  'Si son adresse est connue : vigie camera probe http://ADRESSE'
