import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Pictures between two collections: some 3 MB of JPEGs, and a few milliseconds for a heap as small as ours. */
const PICTURES = 10

/**
 * Collects garbage with every tenth picture. JPEGs lie outside the heap: V8 lets about 64 MB of dead ones gather in each
 * thread before it looks, and a fleet's cameras are to fit into 250 MB in all.
 */
export function createGarbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what the flag above puts there
  let pictures = 0
  return () => {
    if (++pictures % PICTURES === 0) collect()
  }
}
