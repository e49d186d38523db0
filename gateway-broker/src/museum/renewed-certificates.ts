import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '@vigie/contract/clock'
import { bearerOf, type Credential } from '@vigie/edge-agent/identity/credential'
import { type IdentityFolder, openIdentityFolder } from '@vigie/edge-agent/identity/identity-folder'
import { createIdentityLog } from '@vigie/edge-agent/identity/identity-log'
import { createIdentity, type IdentityTime } from '@vigie/edge-agent/identity/keep-identity'
import type { Logger } from 'pino'
import { readTlsMaterial, type TlsFiles, type TlsMaterial } from '../settings.ts'
import type { MuseumSettings } from './museum-settings.ts'
import { type OwnCertificates, readAuthorities, unitFilesOf } from './own-certificates.ts'
import { tryDoors } from './try-doors.ts'

type Deps = {
  log: Logger
  clock: Clock
  random: () => number
  /** Resolves after so long or when aborted; it never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** The authority renews doors while it lets their unit in: a unit that has ended is renewed first. */
const LOOK_FOR_UNIT_EVERY_MS = 1_000
/** Nothing is missed meanwhile: whoever waits is woken. */
const LOOK_FOR_PENDING_EVERY_MS = 3_600_000

/**
 * Certificates that the gateway renews with the authority, as every unit does, and by the same code: what it is as a unit, and
 * what its doors show. Each new one is proved before the one before it is dropped, the first by the connection to the cloud,
 * the second by a handshake at doors of its own. Files are what they begin with; kept is what came later in DATA_FOLDER.
 */
export function createRenewedCertificates(
  { log, clock, random, wait }: Deps,
  settings: Readonly<MuseumSettings>,
  authorityUrl: string,
): OwnCertificates {
  const who = { unit: settings.unit, site: settings.site }
  const firstAuthorities = readAuthorities('unitCaFile (UNIT_CA_FILE)', settings.unitCaFile)
  const lanesBelieve = () => readAuthorities('caFile (CA_FILE)', settings.caFile)
  // By the machine's clock, as all that a gateway does: nobody is asked for the time.
  const time: IdentityTime = { ...clock, wait, state: () => 'estimated', estimate: () => null, remember: () => {} }
  const keep = (of: 'unit' | 'doors', folder: IdentityFolder, more = {}) => {
    const said = createIdentityLog(log.child({ of }))
    const deps = { folder, time, random, onState: said.state, onTrouble: said.trouble, onTime: said.time }
    return createIdentity(deps, { authorityUrl, firstAuthorities, ...more })
  }
  const inFolder = (name: string) => openIdentityFolder(join(settings.dataFolder, name))

  /** As it was last read whole: somebody may be replacing it. */
  let believed = lanesBelieve()

  const unitFolder = inFolder('identity')
  const unitFiles = unitFilesOf(settings)
  if (unitFiles !== null) takeGiven(unitFolder, unitFiles, who, firstAuthorities)
  const unit = keep('unit', unitFolder)

  const doorsFolder = inFolder('doors')
  const isByHand = takeGiven(doorsFolder, settings, who, firstAuthorities)
  const areRenewed = doorsFolder.current() !== null
  if (!areRenewed) log.warn('doors.not-renewed')
  const doors = keep('doors', doorsFolder, { isOfDoors: true, isFromElsewhere: isByHand })

  function isUnitIn(): boolean {
    const held = unitFolder.current()
    return held !== null && endMsOf(held) > clock.now()
  }

  async function runDoors(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !isUnitIn()) await wait(LOOK_FOR_UNIT_EVERY_MS, signal)
    if (!signal.aborted) await doors.run(signal)
  }

  async function proveDoors(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const change = doors.changed()
      const pending = doorsFolder.next()
      if (pending !== null) {
        const problem = await tryDoors(materialOf(pending), believed)
        if (problem === null) doors.letIn(pending.certificates)
        else {
          log.error({ problem }, 'doors.not-believed')
          doors.failed(pending.certificates)
        }
      }
      await wait(LOOK_FOR_PENDING_EVERY_MS, AbortSignal.any([change, signal]))
    }
  }

  return {
    unit() {
      const shown = unit.shown()
      return shown && materialOf(shown.credential)
    },
    changed: unit.changed,
    letIn: unit.letIn,
    turnedAway: unit.turnedAway,
    roots: () => unit.shown()?.credential.authorities ?? firstAuthorities,
    doors() {
      const held = doorsFolder.current()
      if (held === null) return readTlsMaterial(settings)
      // Lanes come with certificates of every generation that somebody believes here.
      believed = lanesBelieve()
      return { ...materialOf(held), ca: believed + held.authorities }
    },
    async run(signal) {
      await Promise.all([unit.run(signal), ...(areRenewed ? [runDoors(signal), proveDoors(signal)] : [])])
    },
  }
}

const materialOf = ({ key, certificates, authorities }: Credential): TlsMaterial => ({
  ...{ ca: authorities, certificate: certificates, key },
})

const endMsOf = ({ certificates }: Credential) => Date.parse(new X509Certificate(certificates).validTo)

/**
 * Takes what a person put into the files, where it is this gateway's and was made later than what is kept. Gives whether that
 * is what is in force now.
 */
function takeGiven(
  folder: IdentityFolder,
  files: TlsFiles,
  { unit, site }: { unit: string; site: string },
  authorities: string,
): boolean {
  const { key, certificate: certificates } = readTlsMaterial(files)
  const given = bearerOf(new X509Certificate(certificates))
  if (given?.unit !== unit || given.site !== site) return false
  const held = folder.current()
  if (held === null || given.startMs > Date.parse(new X509Certificate(held.certificates).validFrom)) {
    folder.dropNext()
    folder.put({ key, certificates, authorities })
  }
  return folder.current()?.certificates === certificates
}
