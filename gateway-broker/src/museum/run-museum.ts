import type { Logger } from 'pino'
import type { Broker } from '../broker.ts'
import type { Trust } from '../trust.ts'
import type { Museum } from './museum.ts'

export type RunMuseumDeps = {
  /** Opens the doors: ledger, broker of the lanes, page of the staff. */
  open(): Promise<Museum>
  access: { isRevoked(): boolean }
  trust: Pick<Trust, 'follow'>
  wait(ms: number, signal: AbortSignal): Promise<void>
  log: Logger
}

/** A list is looked for every ten seconds; this costs the reading of two small files. */
const LOOK_EVERY_MS = 1_000

/**
 * Keeps a museum's gateway open until aborted. While its own access is taken back it shuts both doors, so that lanes and
 * phones go on by themselves, and keeps its ledger on the disk; it opens again when it has certificates that are good.
 */
export async function runMuseum({ open, access, trust, wait, log }: RunMuseumDeps, signal: AbortSignal): Promise<void> {
  let museum: Museum | null = null
  const doors: Pick<Broker, 'cutRevoked' | 'changeTls'> = {
    cutRevoked: () => museum?.broker.cutRevoked() ?? 0,
    changeTls: (material) => museum?.changeTls(material),
  }
  const following = trust.follow(doors, signal)
  while (!signal.aborted) {
    if (access.isRevoked()) {
      log.error('museum.revoked')
      while (!signal.aborted && access.isRevoked()) await wait(LOOK_EVERY_MS, signal)
      continue
    }
    museum = await open()
    log.info({ lanPort: museum.broker.port, httpPort: museum.httpPort }, 'museum.listening')
    const shut = new AbortController()
    const running = museum.run(AbortSignal.any([signal, shut.signal]))
    while (!signal.aborted && !access.isRevoked()) await wait(LOOK_EVERY_MS, signal)
    shut.abort()
    await running
    await museum.stop()
    log.info(museum.broker.counters(), 'museum.stopped')
    museum = null
  }
  await following
}
