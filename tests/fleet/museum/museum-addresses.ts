import type { Fleet } from '../fleet.ts'
import type { MuseumPlan } from './plan-museums.ts'
import { openTill, type TillOptions } from './till.ts'

/** A fleet that is left running for days is still looked at with the link of its start. */
const PASS_HOURS = 24 * 7

/** Where the pages of the gate staff are, each with a pass for whoever looks at this fleet. */
export async function museumAddresses(
  museums: readonly MuseumPlan[],
  options: TillOptions,
): Promise<Fleet['addresses']['museums']> {
  if (museums.length === 0) return new Map()
  const till = await openTill(options)
  try {
    const addresses: Fleet['addresses']['museums'] = new Map()
    for (const { document, ports } of museums) {
      const page = document.gateway?.page ?? `http://localhost:${ports.page}`
      const path = await till.passPath(document.id, PASS_HOURS)
      addresses.set(document.id, { name: document.name, page, pairing: path === null ? null : `${page}${path}` })
    }
    return addresses
  } finally {
    await till.close()
  }
}
