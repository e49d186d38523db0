import { createHash } from 'node:crypto'
import { orderText } from './gate/issued.ts'
import type { SiteId } from './ids.ts'

/**
 * What stands for an order's reference at a gate. Four bytes: of the 8.5 × 10¹¹ references some two hundred have the same,
 * so that whoever tries them all on a stolen disk knows none, and of 200,000 orders a wrong reference finds one in 20,000
 * times.
 */
export const orderDigest = (site: SiteId, reference: string): string =>
  createHash('sha256').update(orderText(site, reference)).digest('hex').slice(0, 8)
