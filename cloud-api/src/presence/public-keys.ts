import { createPublicKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** Reading a key's PEM costs more than checking a signature with it; a fleet's 41 keys fit many times over. */
const KEYS_HELD = 500

/** Reads public keys, each once as long as it is in use. The text is the name: a key that changes is another. */
export function createPublicKeys(): (pem: string) => KeyObject {
  const keys = new LRUCache<string, KeyObject>({ max: KEYS_HELD })
  return (pem) => {
    const key = keys.get(pem) ?? createPublicKey(pem)
    keys.set(pem, key)
    return key
  }
}
