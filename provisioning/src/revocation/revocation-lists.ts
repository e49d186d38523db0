import { createHash } from 'node:crypto'
import { keyIdOf } from '@vigie/contract/frame'
import type { Issuer } from '../authority/certificate.ts'
import { issueRevocationList } from '../authority/revocation-list.ts'
import { pemOf } from '../authority/sealed-key.ts'
import type { AuthorityStore } from '../store/authority-store.ts'

/**
 * How long a list is good for. Readers fetch it every few seconds, so that it tells a revocation at once; but Mosquitto and
 * Node refuse everybody when it has run out, and an authority that is down over a long weekend must not do that.
 */
const LIST_VALID_MS = 7 * 86_400_000

/** What ended by itself so long ago leaves the list: nobody's clock is that wrong and still taken by TLS. */
const KEPT_AFTER_END_MS = 7 * 86_400_000

export type Lists = {
  /** The newest issuer's list. */
  der: Buffer
  /** Every issuer's list, and those of the roots: for whoever checks whole chains. */
  pem: string
  etag: string
}

export type RevocationLists = {
  /** The lists as last made. */
  current(): Lists
  /** Makes them anew from what is stored now; resolves when `current` gives them. */
  renew(): Promise<void>
}

/** @param issuers the oldest first; each signs the list of what it issued itself */
export async function createRevocationLists(
  { store, now }: { store: AuthorityStore; now: () => number },
  { issuers, rootLists }: { issuers: readonly Issuer[]; rootLists: string },
): Promise<RevocationLists> {
  const { certificates } = store

  async function make(): Promise<Lists> {
    const at = now()
    const lists: Buffer[] = []
    for (const issuer of issuers) {
      const key = keyIdOf(issuer.certificate.publicKey.export({ type: 'spki', format: 'der' }))
      const { number, revoked } = store.atOnce(() => ({
        number: certificates.nextListNumber(key),
        revoked: certificates.revokedBy(key, at - KEPT_AFTER_END_MS),
      }))
      lists.push(await issueRevocationList(issuer, { number, revoked, validMs: LIST_VALID_MS }, at))
    }
    const der = lists.at(-1)
    if (der === undefined) throw new Error('an authority without an issuer')
    const pem = lists.map((list) => pemOf('X509 CRL', list)).join('') + rootLists
    return { der, pem, etag: `"${createHash('sha256').update(pem).digest('base64url').slice(0, 22)}"` }
  }

  let lists = await make()
  let making: Promise<void> = Promise.resolve()
  return {
    current: () => lists,
    renew() {
      // One after the other: an older list must not take the place of a newer one. One that failed ends none after it.
      const made = making.then(async () => {
        lists = await make()
      })
      making = made.catch(() => undefined)
      return made
    },
  }
}
