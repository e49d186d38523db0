import type { Store } from '../store/store.ts'

/** What judging asks the store about who sent a message. */
export type WhoIs = {
  site: Store['fleet']['site']
  keyOf: Store['unitKeys']['keyOf']
  revocationOf: Store['unitCertificates']['revocationOf']
}

/**
 * Asks the store once for each site and each key of a batch: in a flood the same few units say hundreds of things. Made
 * anew for each batch, since another instance may change both.
 */
export function askedOnce({
  fleet,
  unitKeys,
  unitCertificates,
}: Pick<Store, 'fleet' | 'unitKeys' | 'unitCertificates'>): WhoIs {
  const sites = new Map<string, ReturnType<WhoIs['site']>>()
  const keys = new Map<string, ReturnType<WhoIs['keyOf']>>()
  const revocations = new Map<string, ReturnType<WhoIs['revocationOf']>>()
  return {
    site: (id) => once(sites, id, () => fleet.site(id)),
    keyOf: (unit, key) => once(keys, `${unit} ${key}`, () => unitKeys.keyOf(unit, key)),
    revocationOf: (unit, key) => once(revocations, `${unit} ${key}`, () => unitCertificates.revocationOf(unit, key)),
  }
}

function once<Answer>(asked: Map<string, Answer>, name: string, ask: () => Answer): Answer {
  const answer = asked.get(name) ?? ask()
  asked.set(name, answer)
  return answer
}
