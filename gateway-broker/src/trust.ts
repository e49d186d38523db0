import { X509Certificate } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { ProblemsError } from '@vigie/config-schema/problems'
import type { Logger } from 'pino'
import type { Broker } from './broker.ts'
import { TRUST_LOOK_EVERY_MS } from './limits.ts'
import { createListAddress, createListFile, type ListSource } from './revocation/list-source.ts'
import { createRevocations, type Revocations, type Taken } from './revocation/revocations.ts'
import { readTlsMaterial, type Settings, type TlsFiles, type TlsMaterial } from './settings.ts'

/** The end of the broker's own certificate is said so long before: as the cloud does, which sees it and has it on /health. */
const CERTIFICATE_WARNED_BEFORE_MS = 30 * 24 * 3_600_000

type Files = TlsFiles & Pick<Settings, 'crlUrl' | 'crlFile'>

/** Whom the broker believes while it runs: files and lists that change under it. */
export type Trust = {
  revocations: Revocations
  /** When the list that is in force should have been followed by another; Infinity without one. */
  listDueMs(): number
  tls(): TlsMaterial
  /** Before anybody is let in: the list as it was kept, then as the authority says it now. Not having it stops nothing. */
  lookFirst(signal: AbortSignal): Promise<void>
  /** Looks again and again until the signal is aborted, and tells the broker what changed. */
  follow(broker: Pick<Broker, 'cutRevoked' | 'changeTls'>, signal: AbortSignal): Promise<void>
}

/**
 * An authority that cannot be reached does not close the broker: the last list holds, and who was revoked stays out. With
 * CRL_FILE beside CRL_URL it holds through a restart too.
 */
export function createTrust(
  settings: Files,
  first: TlsMaterial,
  {
    log,
    now,
    everyMs = TRUST_LOOK_EVERY_MS,
    read = () => readTlsMaterial(settings),
  }: { log: Logger; now: () => number; everyMs?: number; read?: () => TlsMaterial },
): Trust {
  const { crlUrl, crlFile } = settings
  let material = first
  const revocations = createRevocations(first.ca)
  const source = crlUrl
    ? createListAddress(new URL(crlUrl), () => material.ca)
    : crlFile
      ? createListFile(crlFile)
      : null
  /** Each trouble is said once, and once more when it is another one. */
  const said = new Map<string, string>()
  function tell(what: string, problem: string | null): void {
    if (problem === (said.get(what) ?? null)) return
    if (problem === null) said.delete(what)
    else said.set(what, problem)
    if (problem === null) log.info({ what }, 'trust.well-again')
    else log.error({ what, problem }, 'trust.stands-still')
  }

  async function takeFrom(from: ListSource, signal: AbortSignal): Promise<Taken | null> {
    const bytes = await from.read(signal)
    if (bytes === null) return null
    const taken = await revocations.take(bytes)
    if (!taken.ok) throw new Error(taken.reason)
    from.taken()
    dueMs = taken.dueMs
    if (from === source) unkept = bytes
    return taken
  }

  /** A disk that fails does not let in who is revoked: it is tried again at each look. */
  let unkept: Uint8Array | null = null
  function keepLast(): void {
    if (!crlUrl || !crlFile || unkept === null) return
    try {
      keepWhole(crlFile, unkept)
      unkept = null
      tell('revocation-list-file', null)
    } catch (error) {
      tell('revocation-list-file', messageOf(error))
    }
  }

  /** The certificate of which was said that it ends. */
  let endingSaid = ''
  function lookAtEnd(): void {
    const endsAt = Date.parse(new X509Certificate(material.certificate).validTo)
    if (endsAt - now() > CERTIFICATE_WARNED_BEFORE_MS || material.certificate === endingSaid) return
    endingSaid = material.certificate
    log.warn({ endsAt: new Date(endsAt).toISOString() }, 'trust.certificate-ends')
  }

  let dueMs = Infinity
  /** Also while nothing comes: whoever is cut off from the authority for a week should hear so. */
  const lookAtAge = () => tell('revocation-list-age', now() > dueMs ? 'the next list is overdue' : null)

  async function lookAtList(signal: AbortSignal): Promise<boolean> {
    if (source === null) return false
    try {
      const taken = await takeFrom(source, signal)
      keepLast()
      tell('revocation-list', null)
      if (!taken?.ok || !taken.isNews) return false
      log.info({ revoked: taken.revoked }, 'revocation-list.taken')
      return true
    } catch (error) {
      if (signal.aborted) return false
      tell('revocation-list', messageOf(error))
      return false
    } finally {
      lookAtAge()
    }
  }

  /** True when another certificate or other authorities stand in the files, whole and fitting each other. */
  function lookAtFiles(): boolean {
    try {
      const found = read()
      tell('tls-files', null)
      if (found.ca === material.ca && found.certificate === material.certificate && found.key === material.key)
        return false
      if (found.ca !== material.ca) revocations.changeAuthorities(found.ca)
      material = found
      return true
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error
      tell('tls-files', error.message)
      return false
    }
  }

  return {
    revocations,
    listDueMs: () => dueMs,
    tls: () => material,

    async lookFirst(signal) {
      if (crlUrl && crlFile) await takeFrom(createListFile(crlFile), signal).catch(() => null)
      await lookAtList(signal)
      lookAtEnd()
    },

    async follow(broker, signal) {
      while (!signal.aborted) {
        await pause(everyMs, undefined, { signal }).catch(() => undefined)
        if (signal.aborted) return
        if (lookAtFiles()) {
          broker.changeTls(material)
          log.info('trust.changed')
        }
        lookAtEnd()
        if (await lookAtList(signal)) {
          const cut = broker.cutRevoked()
          if (cut > 0) log.warn({ connections: cut }, 'revoked.cut-off')
        }
      }
    },
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** A broker that dies here leaves the file before it, or this one. */
function keepWhole(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.half`, bytes)
  renameSync(`${file}.half`, file)
}
