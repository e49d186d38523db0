import type { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { keyIdOf } from '@vigie/contract/frame'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { authorityFiles, newestOf, openIssuing, readGenerations } from './authority/authority-folder.ts'
import { readPassphrase } from './authority/passphrase.ts'
import { createClaimDigest } from './claims/claim-digest.ts'
import { createClaimsOffice } from './claims/claims-office.ts'
import { createDoor } from './door/door.ts'
import { createOwnCertificate } from './door/own-certificate.ts'
import { createEnrolment } from './enrolment/enrolment.ts'
import { Fault } from './faults.ts'
import { regularly } from './regularly.ts'
import { createRevocationLists } from './revocation/revocation-lists.ts'
import type { AuthoritySettings } from './settings.ts'
import { openAuthorityStore } from './store/authority-store.ts'

/** A list older than this is made anew though nothing was revoked. */
const LISTS_EVERY_MS = 3_600_000

export type AuthorityDeps = {
  now: () => number
  monotonicMs: () => number
  newId: () => string
  log: Logger
  /** Told once, when the door is open. */
  onListening?: (port: number) => void
}

/** Runs the certificate authority until the signal aborts: claims in, certificates and revocation lists out. */
export async function runAuthority(
  settings: AuthoritySettings,
  deps: AuthorityDeps,
  signal: AbortSignal,
): Promise<void> {
  const { now, monotonicMs, newId, log } = deps
  const { authorityFolder, dataFolder } = settings
  const generations = readGenerations(authorityFolder)
  const newest = newestOf(generations, authorityFolder)
  const passphrase = readPassphrase(settings.passphraseFile)
  const issuers = generations.map((generation) => openIssuing(authorityFolder, generation, passphrase))
  const issuer = issuers.at(-1)
  if (issuer === undefined) throw new Fault('authority-missing', authorityFolder)
  const rootLists = generations.map(({ number }) =>
    readFileSync(authorityFiles(authorityFolder).rootList(number), 'utf8'),
  )

  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const store = openAuthorityStore(join(dataFolder, 'authority.sqlite'))
  try {
    const digestOf = createClaimDigest(join(dataFolder, 'claims.key'))
    const lists = await createRevocationLists({ store, now }, { issuers, rootLists: rootLists.join('') })
    const enrolment = createEnrolment({ store, digestOf, issuer, now, renewLists: lists.renew })
    const claims = createClaimsOffice({ store, digestOf, now, newId })
    const own = await createOwnCertificate({ issuer, generation: newest, now }, settings.names)
    const door = createDoor({ store, lists, enrolment, claims, own, generations, now, monotonicMs, log })
    await listen(door, settings)
    const { port } = door.server.address() as AddressInfo // listening on TCP
    store.events.add({ at: now(), kind: 'authority-started' })
    log.info({ host: settings.listenHost, port, generation: newest.number }, 'authority.listening')
    if (existsSync(authorityFiles(authorityFolder).rootKey(newest.number))) log.warn('authority.root-key-online')
    deps.onListening?.(port)
    try {
      const tellInUse = () => {
        const units = store.certificates.unitsByIssuer(now())
        const inUse = generations.map(({ number, issuing }) => ({ number, units: units.get(keyOf(issuing)) ?? 0 }))
        log.info({ generations: inUse }, 'authority.generations')
      }
      tellInUse()
      await regularly(LISTS_EVERY_MS, signal, async () => {
        store.forgetOld(now())
        tellInUse()
        await lists.renew()
        if (await own.renewWhenDue()) door.server.setSecureContext(own.current())
      })
    } finally {
      await door.close()
    }
  } finally {
    store.close()
  }
}

const keyOf = ({ publicKey }: X509Certificate) => keyIdOf(publicKey.export({ type: 'spki', format: 'der' }))

async function listen(door: FastifyInstance, { listenHost: host, listenPort: port }: AuthoritySettings): Promise<void> {
  try {
    await door.listen({ host, port })
  } catch (cause) {
    const isOfAddress = cause instanceof Error && 'syscall' in cause && cause.syscall === 'listen'
    if (!isOfAddress) throw cause
    throw new Fault('address-taken', `${host}:${port}`, { cause })
  }
}
